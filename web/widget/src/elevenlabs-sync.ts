// For pages with ElevenLabs' widget: reports each message to this server as it happens.
//
//   <script src="https://chat.example.org/widget/elevenlabs-sync.js" data-own-socket async></script>
//
// It asks the script's own server for a page token, names the user and the visit to the widget, and posts what the widget
// sends and receives. data-own-socket: the widget talks to this server instead of ElevenLabs. data-server: another server.
import { ReportQueue, type Outcome, type Report } from './elevenlabs-queue.ts';
import { SessionLines, type Line } from './elevenlabs-session.ts';

interface Pass {
  page_token: string;
  user_id: string;
  cc_session: string;
  signed_url: string;
  expires_at: string;
}

interface WidgetConfig {
  userId?: string;
  customLlmExtraBody?: Record<string, unknown>;
  dynamicVariables?: Record<string, unknown>;
  onConnect?: (about: { conversationId: string }) => void;
  onOutgoingEvent?: (event: unknown) => void;
  onIncomingEvent?: (event: unknown) => void;
}

const script = document.currentScript;
const server = (script?.getAttribute('data-server') ?? new URL((script as HTMLScriptElement).src).origin).replace(/\/+$/, '');
const ownSocket = script?.hasAttribute('data-own-socket') ?? false;
const PASS_KEY = 'chat-centre.elevenlabs.pass';
const QUEUE_KEY = 'chat-centre.elevenlabs.unsent';
const RENEW_BEFORE_MS = 60_000;
/** A session can begin before the pass is there; what it says waits for so long at most. */
const EARLY_LINES = 50;

let pass: Pass | null = null;
let asking: Promise<Pass | null> | null = null;

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

function remembered(): Pass | null {
  try {
    return JSON.parse(localStorage.getItem(PASS_KEY) ?? 'null') as Pass | null;
  } catch {
    return null;
  }
}

async function ask(): Promise<Pass | null> {
  const before = pass ?? remembered();
  const query = before?.page_token ? `?token=${encodeURIComponent(before.page_token)}` : '';
  const answer = await fetch(`${server}/api/elevenlabs/signed-url${query}`);
  if (!answer.ok) return null;
  pass = (await answer.json()) as Pass;
  try {
    localStorage.setItem(PASS_KEY, JSON.stringify(pass));
  } catch {
    // Forbidden: the next page has another user id.
  }
  return pass;
}

function fresh(): Promise<Pass | null> {
  if (pass && Date.parse(pass.expires_at) - Date.now() > RENEW_BEFORE_MS) return Promise.resolve(pass);
  asking ??= ask()
    .catch(() => null)
    .finally(() => {
      asking = null;
    });
  return asking;
}

async function post(report: Report): Promise<Outcome> {
  const holder = await fresh();
  if (!holder) return 'later';
  const answer = await fetch(`${server}/api/chat/sync`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${holder.page_token}` },
    body: JSON.stringify({ ...report.body, user_id: holder.user_id }),
    keepalive: true,
  });
  if (answer.ok) return 'sent';
  if (answer.status === 401) pass = null;
  return answer.status === 401 || answer.status === 429 || answer.status >= 500 ? 'later' : 'refused';
}

const queue = new ReportQueue(localStorageOrNothing(), QUEUE_KEY, post, wait);

function localStorageOrNothing(): Pick<Storage, 'getItem' | 'setItem'> {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}

/** Hooks that the page itself has set are called, too. */
function chain<A>(ours: (value: A) => void, theirs: ((value: A) => void) | undefined): (value: A) => void {
  return (value) => {
    ours(value);
    theirs?.(value);
  };
}

function observe(config: WidgetConfig): void {
  const lines = new SessionLines();
  let session = '';
  const early: { line: Line; at: string }[] = [];
  const report = (line: Line, at: string) => {
    queue.add({
      id: `${session}:${line.sender}:${line.occurrence}:${line.message}`.slice(0, 300),
      body: { ...line, timestamp: at, elevenlabs_conversation_id: session },
    });
  };
  const heard = (line: Line | null) => {
    if (!line) return;
    const at = new Date().toISOString();
    if (session) report(line, at);
    else if (early.length < EARLY_LINES) early.push({ line, at });
  };
  if (pass) {
    config.userId ??= pass.user_id;
    config.dynamicVariables = { cc_session: pass.cc_session, ...config.dynamicVariables };
    config.customLlmExtraBody = { cc_session: pass.cc_session, ...config.customLlmExtraBody };
  }
  config.onConnect = chain(({ conversationId }) => {
    session = conversationId;
    for (const { line, at } of early.splice(0)) report(line, at);
  }, config.onConnect);
  config.onOutgoingEvent = chain((event) => heard(lines.outgoing(event)), config.onOutgoingEvent);
  config.onIncomingEvent = chain((event) => heard(lines.incoming(event)), config.onIncomingEvent);
}

document.addEventListener('elevenlabs-convai:call', (event) => {
  const config = (event as CustomEvent<{ config?: WidgetConfig }>).detail?.config;
  if (config) observe(config);
});
addEventListener('online', () => void queue.pump());

void fresh().then((holder) => {
  if (!holder) return;
  for (const widget of document.querySelectorAll('elevenlabs-convai')) {
    if (!widget.hasAttribute('user-id')) widget.setAttribute('user-id', holder.user_id);
    if (ownSocket) widget.setAttribute('signed-url', holder.signed_url);
  }
  void queue.pump();
});
