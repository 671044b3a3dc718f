// One call: what is known of it, how it stays current, and what the caller does.
import { LiveSocket } from '../../shared/live/socket.ts';
import { Refused } from '../../shared/page/request.ts';
import * as api from './api.ts';
import { withLine, type Line } from './texts.ts';

export type Problem = 'offline' | 'failed' | 'busy' | 'off' | '';

const KEY = 'cc-call';

/** randomUUID is there in secure contexts only. */
const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('-');

interface IntakeUpdate {
  type: 'intake.update';
  data: api.Call;
}

export class PhoneLine {
  call = $state.raw<api.Call | null>(null);
  lines = $state.raw<Line[]>([]);
  person = $state<string | null>(null);
  problem = $state<Problem>('');
  starting = $state(false);
  muted = $state(false);
  #ticket = $state.raw<api.Ticket | null>(null);
  #live: LiveSocket | null = null;
  #audio: AudioContext | null = null;
  /** What was sent without an answer: said again it is the same message, which the server stores once. */
  #unsure: { text: string; id: string } | null = null;
  #changes = Promise.resolve(true);

  constructor() {
    try {
      this.#ticket = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as api.Ticket | null;
    } catch {
      this.#ticket = null; // storage may be forbidden: a call for this visit only
    }
    if (this.#ticket) this.#listen();
  }

  get begun(): boolean {
    return this.#ticket !== null || this.call !== null;
  }

  async start(language: string): Promise<void> {
    this.starting = true;
    await this.#try(async () => {
      const begun = await api.start(language);
      const { token, ...call } = begun;
      this.#ticket = { call_id: call.call_id, conversation_id: call.conversation_id, token };
      try {
        sessionStorage.setItem(KEY, JSON.stringify(this.#ticket));
      } catch {
        // as above
      }
      this.call = call;
      this.lines = [];
      this.person = null;
      // The page has what it needs to go on: it waits for no more, nor does who is about to type.
      this.#listen();
      void this.#refresh();
    });
    this.starting = false;
  }

  async say(text: string): Promise<boolean> {
    const ticket = this.#ticket;
    if (!ticket || !text.trim()) return false;
    const id = this.#unsure?.text === text ? this.#unsure.id : newId();
    this.#unsure = { text, id };
    return this.#try(async () => {
      const answer = await api.say(ticket, text, id);
      this.#unsure = null;
      for (const m of [answer.message, answer.reply]) if (m) this.#add(m.seq, m.role, m.sender, m.message);
      this.#take(answer);
    });
  }

  /** One after the other, in the order pressed: nothing pressed while another is under way is lost. */
  change(...[what, body]: api.Change): Promise<boolean> {
    const ticket = this.#ticket;
    this.#changes = this.#changes.then(() => {
      const call = this.call;
      if (!ticket || ticket !== this.#ticket || call?.status === 'ended') return false;
      if (what === 'language' && call?.language === body.language) return true;
      return this.#try(async () => {
        this.#take(await api.change(ticket, what, body));
        await this.#read();
      });
    });
    return this.#changes;
  }

  /** Away from an ended call, to where one begins. */
  leave(): void {
    this.#live?.stop();
    this.#live = null;
    this.#ticket = null;
    this.call = null;
    this.lines = [];
    this.person = null;
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // as above
    }
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.problem = '';
      return true;
    } catch (error) {
      const refused = error instanceof Refused ? error.status : 0;
      if (refused === 401 || refused === 404) this.leave();
      this.problem = refused === 429 ? 'busy' : refused === 409 && !this.call ? 'off' : refused ? 'failed' : 'offline';
      return false;
    }
  }

  async #refresh(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      if (error instanceof Refused && (error.status === 401 || error.status === 404)) this.leave();
      else this.problem = 'offline';
    }
  }

  /** A state that is older than what is shown comes late, and is left out. */
  #take(call: api.Call): void {
    if (!this.call || call.call_id !== this.call.call_id || call.updated_at >= this.call.updated_at) this.call = call;
  }

  #add(sequence: number, speaker: string, speaker_name: string, text: string): void {
    const before = this.lines;
    this.lines = withLine(before, { sequence, speaker, speaker_name, text });
    if (this.lines !== before && speaker !== 'user') this.#sound();
  }

  async #read(): Promise<void> {
    const ticket = this.#ticket;
    if (!ticket) return;
    this.#take(await api.show(ticket));
    for (let after: number | null = this.lines.at(-1)?.sequence ?? 0; after !== null; ) {
      const page: Awaited<ReturnType<typeof api.transcript>> = await api.transcript(ticket, after);
      this.lines = page.items.reduce(withLine, this.lines);
      after = page.next_after_seq;
    }
    this.person = await api.colleague(ticket).catch((error: unknown) => {
      if (error instanceof Refused) return null;
      throw error;
    });
  }

  #listen(): void {
    const ticket = this.#ticket;
    if (!ticket) return;
    this.#live?.stop();
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#live = new LiveSocket({
      url: () => `${scheme}://${location.host}/ws/${ticket.conversation_id}`,
      token: () => Promise.resolve(ticket.token),
      onReady: (fresh) => {
        if (fresh) void this.#refresh();
      },
      onState: (state) => {
        if (state.kind === 'open' && this.problem === 'offline') this.problem = '';
        if (state.kind === 'waiting') this.problem = 'offline';
      },
      onEvents: (events) => {
        for (const event of events as ((typeof events)[number] | IntakeUpdate)[]) {
          if (event.type === 'message.new') {
            const m = event.data;
            this.#add(m.seq, m.role, m.sender ?? '', m.message);
          } else if (event.type === 'intake.update') {
            this.#take(event.data);
          } else if (event.type === 'conversation.update') {
            const c = event.data as { assigned_staff?: { name: string } | null };
            this.person = c.assigned_staff?.name ?? null;
          }
        }
      },
    });
    this.#live.subscribe(`conversation:${ticket.conversation_id}`);
    this.#live.start();
  }

  /** A soft tone when somebody else has spoken. Browsers allow it once the caller has pressed something. */
  #sound(): void {
    if (this.muted || typeof AudioContext === 'undefined') return;
    try {
      this.#audio ??= new AudioContext();
      const tone = this.#audio.createOscillator();
      const volume = this.#audio.createGain();
      tone.frequency.value = 660;
      volume.gain.setValueAtTime(0.04, this.#audio.currentTime);
      volume.gain.exponentialRampToValueAtTime(0.0001, this.#audio.currentTime + 0.25);
      tone.connect(volume).connect(this.#audio.destination);
      tone.start();
      tone.stop(this.#audio.currentTime + 0.25);
    } catch {
      // no sound, then
    }
  }
}
