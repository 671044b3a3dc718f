import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlaPart } from '../../../../shared/api/desk.ts';
import { face, leading } from './sla.ts';

const start = '2026-01-05T09:00:00Z';
const due = '2026-01-05T10:00:00Z';
const at = (time: string) => Date.parse(`2026-01-05T${time}Z`);
const part = (state: SlaPart['state'], met_at: string | null = null): SlaPart => ({ due_at: due, met_at, state });

test('a clock without a promise shows nothing', () => {
  assert.equal(face(null, start, at('09:30:00')), null);
  assert.equal(face(part('none'), start, at('09:30:00')), null);
});

const faces: [string, SlaPart, string, ReturnType<typeof face>][] = [
  ['half way', part('running'), '09:30:00', { state: 'running', used: 0.5, left: 1800, soon: false }],
  ['near the end', part('running'), '09:50:00', { state: 'running', used: 50 / 60, left: 600, soon: true }],
  ['past the end before the server said so', part('running'), '10:05:00', { state: 'breached', used: 1, left: -300, soon: false }],
  ['breached', part('breached'), '11:00:00', { state: 'breached', used: 1, left: -3600, soon: false }],
  ['paused', part('paused'), '09:30:00', { state: 'paused', used: 0.5, left: null, soon: false }],
  ['met', part('met', '2026-01-05T09:10:00Z'), '11:00:00', { state: 'met', used: 1, left: null, soon: false }],
  ['a due time before the start', { due_at: start, state: 'paused' }, '09:30:00', { state: 'paused', used: 0, left: null, soon: false }],
];
for (const [name, clock, now, expected] of faces) test(name, () => assert.deepEqual(face(clock, start, at(now)), expected));

test('the first response leads until it is given', () => {
  assert.equal(leading(null), null);
  assert.equal(leading({ first_response: part('running'), resolution: part('running') }), 'first_response');
  assert.equal(leading({ first_response: part('met'), resolution: part('running') }), 'resolution');
  assert.equal(leading({ first_response: part('breached'), resolution: part('running') }), 'first_response');
  assert.equal(leading({ first_response: part('breached', due), resolution: part('running') }), 'resolution');
  assert.equal(leading({ first_response: part('met'), resolution: part('none') }), 'first_response');
  assert.equal(leading({ first_response: part('none'), resolution: part('none') }), null);
});
