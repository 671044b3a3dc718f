import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { backoffMs } from './backoff.ts';
import { LiveSocket, type LinkState } from './socket.ts';

class FakeWebSocket {
  static all: FakeWebSocket[] = [];
  readyState = 1;
  sent: Record<string, unknown>[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly protocols: string[];

  constructor(_url: string, protocols: string[]) {
    this.protocols = protocols;
    FakeWebSocket.all.push(this);
  }

  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(code = 1000) {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  receive(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  static get last() {
    return FakeWebSocket.all.at(-1)!;
  }
}

let states: LinkState[];
let ready: boolean[];
let events: number[];
let tokens: boolean[];
let socket: LiveSocket;
let token: string | null;
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  FakeWebSocket.all = [];
  states = [];
  ready = [];
  events = [];
  tokens = [];
  token = 'token-1';
  socket = new LiveSocket({
    url: () => 'ws://localhost/ws',
    WebSocket: FakeWebSocket as unknown as typeof WebSocket,
    now: () => 1_000,
    random: () => 0.5,
    token: (doubtful) => {
      tokens.push(doubtful);
      return Promise.resolve(token);
    },
    onState: (state) => states.push(state),
    onReady: (fresh) => ready.push(fresh),
    onEvents: (list) => events.push(...list.map((event) => event.id)),
  });
});

afterEach(() => {
  socket.stop();
  mock.timers.reset();
});

async function connect(head = 10) {
  socket.subscribe('queue', 'mine');
  socket.start();
  await settle();
  FakeWebSocket.last.receive({ type: 'hello', head, heartbeat_seconds: 15 });
  FakeWebSocket.last.receive({ type: 'subscribed', topics: ['queue', 'mine'], head });
}

const event = (id: number) => ({ id, type: 'queue.update', data: {} });

test('the token travels as a subprotocol, the first connection asks for a snapshot', async () => {
  await connect();
  assert.deepEqual(FakeWebSocket.last.protocols, ['chat-centre.v1', 'bearer.token-1']);
  assert.deepEqual(FakeWebSocket.last.sent, [{ type: 'subscribe', topics: ['queue', 'mine'] }]);
  assert.deepEqual(ready, [true]);
  assert.equal(states.at(-1)?.kind, 'open');
});

test('after a break it waits with jitter and resumes after the last event it saw', async () => {
  await connect(10);
  FakeWebSocket.last.receive({ type: 'events', events: [event(11), event(14), event(0)] });
  FakeWebSocket.last.close(1012);
  assert.deepEqual(states.at(-1), { kind: 'waiting', retryAt: 1_250 });
  mock.timers.tick(250);
  await settle();
  assert.equal(FakeWebSocket.all.length, 2);
  FakeWebSocket.last.receive({ type: 'hello', head: 20 });
  assert.deepEqual(FakeWebSocket.last.sent, [{ type: 'subscribe', topics: ['queue', 'mine'], since: 14 }]);
  FakeWebSocket.last.receive({ type: 'events', events: [event(15)] });
  FakeWebSocket.last.receive({ type: 'subscribed', topics: ['queue', 'mine'], head: 20 });
  assert.deepEqual(ready, [true, false]);
  assert.deepEqual(events, [11, 14, 0, 15]);
});

test('resync asks for a snapshot and goes on from its head', async () => {
  await connect(10);
  FakeWebSocket.last.receive({ type: 'resync', head: 99 });
  assert.equal(FakeWebSocket.last.sent.at(-1)?.['since'], 99);
  FakeWebSocket.last.receive({ type: 'subscribed', topics: ['queue', 'mine'], head: 99 });
  assert.deepEqual(ready, [true, true]);
  FakeWebSocket.last.close(4408);
  mock.timers.tick(30_000);
  await settle();
  FakeWebSocket.last.receive({ type: 'hello', head: 99 });
  assert.equal(FakeWebSocket.last.sent[0]?.['since'], 99);
});

test('everything up to a heartbeat was sent before it: a resume goes on from there', async () => {
  await connect(10);
  FakeWebSocket.last.receive({ type: 'heartbeat', head: 12 });
  FakeWebSocket.last.close(1012);
  mock.timers.tick(30_000);
  await settle();
  // Not yet: what was missed is still on its way.
  FakeWebSocket.last.receive({ type: 'heartbeat', head: 40 });
  FakeWebSocket.last.receive({ type: 'hello', head: 41 });
  assert.equal(FakeWebSocket.last.sent[0]?.['since'], 12);
});

test('silence for three heartbeats counts as a break', async () => {
  await connect();
  mock.timers.tick(44_000);
  assert.equal(states.at(-1)?.kind, 'open');
  mock.timers.tick(1_001);
  assert.equal(states.at(-1)?.kind, 'waiting');
});

test('a revoked token is renewed before the next try; without one it stops', async () => {
  await connect();
  token = null;
  FakeWebSocket.last.close(4401);
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(tokens, [false, true]);
  assert.equal(states.at(-1)?.kind, 'stopped');
  assert.equal(FakeWebSocket.all.length, 1);
});

test('a connection that ends before its greeting makes the token doubtful, a later break does not', async () => {
  socket.start();
  await settle();
  FakeWebSocket.last.close(1006);
  mock.timers.tick(30_000);
  await settle();
  FakeWebSocket.last.receive({ type: 'hello', head: 1 });
  FakeWebSocket.last.close(1006);
  mock.timers.tick(30_000);
  await settle();
  assert.deepEqual(tokens, [false, true, false]);
});

test('topics added or dropped while open are told at once, while closed with the next hello', async () => {
  await connect();
  socket.subscribe('conversation:CONV-1', 'queue');
  socket.unsubscribe('mine', 'never');
  assert.deepEqual(FakeWebSocket.last.sent.slice(1), [
    { type: 'subscribe', topics: ['conversation:CONV-1'] },
    { type: 'unsubscribe', topics: ['mine'] },
  ]);
  FakeWebSocket.last.close(1006);
  socket.subscribe('staff');
  mock.timers.tick(30_000);
  await settle();
  socket.subscribe('all');
  assert.deepEqual(FakeWebSocket.last.sent, []);
  FakeWebSocket.last.receive({ type: 'hello', head: 10 });
  assert.deepEqual(FakeWebSocket.last.sent[0]?.['topics'], ['queue', 'conversation:CONV-1', 'staff', 'all']);
});

test('the wait doubles up to its cap and is drawn from the whole range', () => {
  assert.deepEqual([0, 1, 2, 6, 20].map((attempt) => backoffMs(attempt, 0.999_999)), [500, 1000, 2000, 30_000, 30_000]);
  assert.equal(backoffMs(5, 0), 0);
});
