// The desk's answers as its contract gives them, kept in the test: what the pages do with them is what is tested here.

const now = Date.now();
const ago = (minutes) => new Date(now - minutes * 60_000).toISOString();
const ahead = (minutes) => ago(-minutes);
const sales = { slug: 'sales', name_en: 'Sales', name_ar: 'المبيعات' };
const john = { contact_id: 'CUST-1', name: 'John', email: 'john@example.org', phone: '+971501234567' };

const alert = (fields) => ({ acknowledged_at: null, body: '', conversation_id: null, ticket_id: null, read_at: null, level: 'info', ...fields });

export function ticket(number, fields = {}) {
  return {
    ticket_id: `TKT_20260105_AB${String(number).padStart(2, '0')}`,
    subject: 'Where is my parcel?',
    description: 'It should have come last week, and nobody answers the telephone.',
    status: 'open',
    priority: 'normal',
    level: 'L1',
    category: 'delivery',
    department: sales,
    assigned_staff: null,
    requester: john,
    conversation_id: null,
    source: 'portal',
    tags: [],
    followers: [],
    sla: null,
    merged_into: null,
    version: 1,
    created_at: ago(60),
    updated_at: ago(5),
    resolved_at: null,
    closed_at: null,
    ...fields,
  };
}

const promise = (first, resolution) => ({ policy: 'Standard', first_response: first, resolution });

export function contact(number, fields = {}) {
  return {
    contact_id: `CUST-${number}`,
    name: 'John',
    email: 'john@example.org',
    phone: '+971501234567',
    language: 'en',
    vip: false,
    company: 'Northwind',
    custom: { account: 'A-118' },
    consent: { marketing: false },
    identities: [{ channel: 'chat', external_id: 'user_789', verified: true }],
    lead: null,
    last_contact_at: ago(12),
    created_at: ago(90_000),
    updated_at: ago(12),
    conversations: 3,
    open_tickets: 1,
    ...fields,
  };
}

/** The desk's state and the requests made to it. `me` is the id of who is signed in. */
export function deskState({ me = 'STF-1', conversation = 'CONV-1' } = {}) {
  const sarah = { staff_id: me, name: 'Sarah Johnson' };
  const lead = (number, name, fields) => ({
    lead_id: `LEAD-${number}`, contact: { contact_id: `CUST-${number}`, name }, status: 'new', score: 35, source: 'portal', priority: 'normal',
    handover_requested: false, handover_trigger: null, handover_timestamp: null, created_at: ago(9000), updated_at: ago(60), ...fields,
  });
  const leads = [
    lead(1, 'John', { status: 'qualified', score: 72, source: 'widget', priority: 'high', handover_requested: true, handover_trigger: 'I want to speak with a human', handover_timestamp: ago(70) }),
    lead(2, 'أحمد', { source: 'whatsapp', handover_requested: true, handover_trigger: 'أريد التحدث مع موظف', handover_timestamp: ago(900), updated_at: ago(800) }),
    lead(3, 'John S.', { status: 'lost', score: 5, priority: 'low', source: '', updated_at: ago(5000) }),
  ];
  return {
    sarah,
    calls: [],
    tickets: [
      ticket(1, {
        status: 'in_progress', priority: 'high', assigned_staff: sarah, conversation_id: conversation, tags: ['parcel'], level: 'L2',
        followers: [sarah],
        sla: promise({ due_at: ago(45), met_at: ago(50), state: 'met' }, { due_at: ahead(12), state: 'running' }),
      }),
      ticket(2, {
        subject: 'مشكلة في التسليم', description: 'لم أستقبل طلبي بعد', priority: 'emergency', requester: { ...john, contact_id: 'CUST-2', name: 'أحمد' },
        sla: promise({ due_at: ago(8), state: 'breached' }, { due_at: ahead(120), state: 'running' }),
      }),
      ticket(3, {
        subject: 'Invoice with the wrong address', status: 'waiting_customer', assigned_staff: { staff_id: 'STF-2', name: 'Alice' },
        sla: promise({ due_at: ago(30), met_at: ago(40), state: 'met' }, { due_at: ahead(300), state: 'paused' }),
      }),
      ticket(4, { subject: 'A refund', priority: 'low', status: 'resolved', resolved_at: ago(3) }),
    ],
    story: {
      replies: [
        { reply_id: 'RPL-1', author: { kind: 'staff', staff_id: me, name: 'Sarah Johnson' }, message: 'I am asking the depot where it is.', at: ago(40) },
        { reply_id: 'RPL-2', author: { kind: 'customer', name: 'John' }, message: 'Thank you. I need it by Friday.', at: ago(20) },
      ],
      notes: [{ note_id: 'NTE-1', author: { staff_id: 'STF-2', name: 'Alice' }, body: 'The depot says it was sent back.', at: ago(30) }],
      history: [
        { at: ago(50), actor: sarah, field: 'status', before: 'open', after: 'in_progress' },
        { at: ago(45), actor: 'system', field: 'level', before: 'L1', after: 'L2' },
      ],
      links: [{ ticket_id: 'TKT_20260105_AB03', kind: 'related' }],
    },
    notifications: [
      alert({ notification_id: 'NTF-3', kind: 'sla', level: 'urgent', title: 'A ticket is overdue', body: 'TKT_20260105_AB02 has had no answer.', at: ago(8), ticket_id: 'TKT_20260105_AB02' }),
      alert({ notification_id: 'NTF-2', kind: 'assigned', title: 'A chat was passed to you', body: 'John – scholarship', at: ago(20), conversation_id: conversation }),
      alert({ notification_id: 'NTF-1', kind: 'mention', title: 'Alice wrote a note', body: 'The depot says it was sent back.', at: ago(1500), read_at: ago(1400) }),
    ],
    preferences: {
      kinds: {
        handover: { in_app: true, browser: true, mail: false },
        sla: { in_app: true, browser: true, mail: true },
        assigned: { in_app: true, browser: false, mail: false },
      },
      quiet_from: '22:00',
      quiet_to: '07:00',
    },
    leads,
    offers: [],
    emptySearchPages: 0,
    contacts: [
      contact(1, {
        vip: true,
        lead: leads[0],
        identities: [
          { channel: 'chat', external_id: 'user_789', verified: true },
          { channel: 'whatsapp', external_id: '+971501234567', verified: false },
        ],
      }),
      contact(2, { name: 'أحمد', email: 'ahmad@example.org', phone: '+963944123456', language: 'ar', company: '', open_tickets: 1, conversations: 1 }),
      contact(3, { name: 'John S.', email: 'john@example.org', phone: '', conversations: 1, open_tickets: 0 }),
    ],
    timeline: [
      { type: 'conversation', at: ago(2900), title: 'An older chat', text: 'Good morning', state: 'closed', conversation_id: 'CONV-77' },
      { type: 'conversation', at: ago(12), title: 'Scholarship', text: 'I need help with my scholarship', conversation_id: conversation },
      { type: 'ticket', at: ago(60), title: 'Where is my parcel?', text: '', state: 'open', ticket_id: 'TKT_20260105_AB01' },
      { type: 'activity', state: 'call', at: ago(3000), text: 'Called back, no answer.', staff: { staff_id: 'STF-2', name: 'Alice' } },
    ],
    tasks: [
      { task_id: 'TASK-1', title: 'Call about the parcel', note: '', due_at: ago(30), done_at: null, owner: sarah, contact: { contact_id: 'CUST-1', name: 'John' }, conversation_id: null, ticket_id: null, created_at: ago(100) },
      { task_id: 'TASK-2', title: 'Send the list of documents', note: '', due_at: ahead(600), done_at: null, owner: sarah, contact: { contact_id: 'CUST-1', name: 'John' }, conversation_id: null, ticket_id: null, created_at: ago(200) },
      { task_id: 'TASK-3', title: 'إرسال الفاتورة الجديدة', note: 'The old one has the wrong address.', due_at: null, done_at: null, owner: null, contact: { contact_id: 'CUST-2', name: 'أحمد' }, conversation_id: conversation, ticket_id: 'TKT_20260105_AB03', created_at: ago(300) },
    ],
    views: [{ view_id: 'VIEW-1', name: 'Urgent work', filters: { area: 'tickets', status: 'unsolved', priority: 'emergency' }, shared: true }],
    hits: [
      { type: 'conversation', id: conversation, title: 'John – scholarship', snippet: 'I need help with my [[scholarship]]', at: ago(12), score: 2.1, conversation_id: conversation },
      { type: 'ticket', id: 'TKT_20260105_AB01', title: 'Where is my parcel?', snippet: 'the [[scholarship]] papers were in the parcel', at: ago(60), score: 1.4 },
      { type: 'contact', id: 'CUST-1', title: 'John', snippet: '[[scholarship]] 2026', at: ago(90), score: 0.7 },
      { type: 'message', id: 'MSG-9', title: 'John', snippet: 'شكراً على [[scholarship]]', at: ago(11), score: 0.5, conversation_id: conversation },
    ],
    templates: [
      { template_id: 'TPL-1', name: 'Greeting', shortcut: 'hi', body_en: 'Hello {{name}}, how can I help?', body_ar: 'مرحبًا {{name}}، كيف أساعدك؟', department: null, tags: [] },
      { template_id: 'TPL-2', name: 'Missing documents', shortcut: 'docs', body_en: 'Dear {{name}}, please send the letter of admission.', body_ar: 'عزيزي {{name}}، أرسل خطاب القبول من فضلك.', department: null, tags: ['scholarship'] },
    ],
    macros: [
      { macro_id: 'MAC-1', name: 'Ask for documents', steps: [{ do: 'send', value: 'Please send the letter.' }, { do: 'tag', value: 'documents' }] },
    ],
  };
}

/** Answers the desk's paths from the state; everything else goes to the server. */
export async function fakeDesk(page, state) {
  const json = (route, body, status = 200) =>
    route.fulfill({ status, contentType: status < 400 ? 'application/json' : 'application/problem+json', body: body === undefined ? '' : JSON.stringify(body) });
  const list = (route, items, more = {}) => json(route, { items, next_cursor: null, ...more });
  const find = (id) => state.tickets.find((one) => one.ticket_id === id);
  const person = (id) => state.contacts.find((one) => one.contact_id === id);
  const change = (one, fields) => Object.assign(one, fields, { version: one.version + 1, updated_at: new Date().toISOString() });
  const said = (query, key) => (query.get(key) ?? '').split(',').filter(Boolean);

  const handlers = [
    ['GET', /^\/tickets$/, (route, _, query) => {
      const [status, priority, level, assigned] = ['status', 'priority', 'level', 'assigned'].map((key) => said(query, key));
      const q = (query.get('q') ?? '').toLowerCase();
      return list(route, state.tickets.filter((one) =>
        !one.merged_into &&
        (!status.length || status.includes(one.status)) &&
        (!priority.length || priority.includes(one.priority)) &&
        (!level.length || level.includes(one.level)) &&
        (!query.get('conversation') || one.conversation_id === query.get('conversation')) &&
        (!query.get('contact') || one.requester.contact_id === query.get('contact')) &&
        (!assigned.length || (assigned[0] === 'none' ? !one.assigned_staff : one.assigned_staff?.staff_id === (assigned[0] === 'me' ? state.sarah.staff_id : assigned[0]))) &&
        `${one.subject} ${one.ticket_id}`.toLowerCase().includes(q)));
    }],
    ['POST', /^\/tickets$/, (route, _, __, body) => {
      if (!body.name && !body.email && !body.contact_id) {
        return json(route, { title: 'Invalid', status: 422, errors: [{ field: 'name', message: 'Say who asks.' }] }, 422);
      }
      const made = ticket(50 + state.tickets.length, { ...body, department: sales, requester: { ...john, contact_id: 'CUST-9', name: body.name }, source: 'staff' });
      state.tickets.unshift(made);
      return json(route, made, 201);
    }],
    ['POST', /^\/conversations\/([^/]+)\/ticket$/, (route, [id], _, body) => {
      const made = ticket(50 + state.tickets.length, { ...body, department: sales, conversation_id: id, source: 'staff' });
      state.tickets.unshift(made);
      return json(route, made, 201);
    }],
    ['GET', /^\/tickets\/([^/]+)$/, (route, [id]) => (find(id) ? json(route, { ...find(id), ...state.story }) : json(route, { title: 'Not found', status: 404 }, 404))],
    ['PATCH', /^\/tickets\/([^/]+)$/, (route, [id], _, body) => json(route, change(find(id), body))],
    ['POST', /^\/tickets\/([^/]+)\/reply$/, (route, [id], _, body) => {
      state.story.replies.push({ reply_id: `RPL-${state.story.replies.length + 1}`, author: { kind: 'staff', ...state.sarah }, message: body.message, at: new Date().toISOString() });
      return json(route, change(find(id), {}), 201);
    }],
    ['POST', /^\/tickets\/([^/]+)\/notes$/, (route, [id], _, body) => {
      state.story.notes.push({ note_id: `NTE-${state.story.notes.length + 1}`, author: state.sarah, body: body.body, at: new Date().toISOString() });
      return json(route, change(find(id), {}), 201);
    }],
    ['POST', /^\/tickets\/([^/]+)\/assignment$/, (route, [id], _, body) =>
      json(route, change(find(id), { assigned_staff: body.staff_id ? { staff_id: body.staff_id, name: body.staff_id === state.sarah.staff_id ? state.sarah.name : 'Alice' } : null }))],
    ['POST', /^\/tickets\/([^/]+)\/escalation$/, (route, [id], _, body) => json(route, change(find(id), { level: body.level }))],
    ['POST', /^\/tickets\/([^/]+)\/merge$/, (route, [id], _, body) => {
      change(find(id), { merged_into: body.into, status: 'closed' });
      return json(route, find(body.into));
    }],
    ['POST', /^\/tickets\/([^/]+)\/links$/, (route, [id], _, body) => {
      state.story.links.push(body);
      return json(route, find(id), 201);
    }],
    ['PUT', /^\/tickets\/([^/]+)\/followers\/me$/, (route, [id]) => json(route, change(find(id), { followers: [state.sarah] }))],
    ['DELETE', /^\/tickets\/([^/]+)\/followers\/me$/, (route, [id]) => json(route, change(find(id), { followers: [] }))],

    ['GET', /^\/notifications$/, (route, _, query) => {
      const unread = state.notifications.filter((one) => !one.read_at);
      return list(route, query.get('unread') ? unread : state.notifications, { unread: unread.length });
    }],
    ['PUT', /^\/notifications\/read$/, (route, _, __, body) => {
      for (const one of state.notifications) {
        if (body.ids ? body.ids.includes(one.notification_id) : true) one.read_at ??= new Date().toISOString();
      }
      return json(route, { unread: state.notifications.filter((one) => !one.read_at).length });
    }],
    ['POST', /^\/notifications\/([^/]+)\/acknowledgement$/, (route, [id]) => {
      const one = state.notifications.find((other) => other.notification_id === id);
      one.acknowledged_at = one.read_at = new Date().toISOString();
      return json(route, one);
    }],
    ['GET', /^\/me\/notification-preferences$/, (route) => json(route, state.preferences)],
    ['PUT', /^\/me\/notification-preferences$/, (route, _, __, body) => json(route, (state.preferences = body))],

    ['GET', /^\/contacts$/, (route, _, query) => {
      const q = (query.get('q') ?? '').toLowerCase();
      return list(route, state.contacts.filter((one) => (query.get('vip') !== 'true' || one.vip) && `${one.name} ${one.email} ${one.phone}`.toLowerCase().includes(q)));
    }],
    ['POST', /^\/contacts$/, (route, _, __, body) => {
      const made = contact(state.contacts.length + 1, { custom: {}, identities: [], conversations: 0, open_tickets: 0, ...body });
      state.contacts.push(made);
      return json(route, made, 201);
    }],
    ['GET', /^\/contacts\/([^/]+)$/, (route, [id]) => (person(id) ? json(route, person(id)) : json(route, { title: 'Not found', status: 404 }, 404))],
    ['PATCH', /^\/contacts\/([^/]+)$/, (route, [id], _, body) => json(route, Object.assign(person(id), body))],
    ['GET', /^\/contacts\/([^/]+)\/timeline$/, (route) => list(route, state.timeline)],
    ['GET', /^\/contacts\/([^/]+)\/duplicates$/, (route, [id]) =>
      json(route, { items: id === 'CUST-1' && person('CUST-3') ? [{ contact: person('CUST-3'), reasons: ['email'], warnings: ['different_name'] }] : [] })],
    ['POST', /^\/contacts\/([^/]+)\/merge$/, (route, [id], _, body) => {
      const moved = { conversations: 1, tickets: 0, leads: 0 };
      if (body.preview) return json(route, { contact: { ...person(id), conversations: 4 }, moved, warnings: ['different_name'] });
      state.away = person(body.other_id);
      state.contacts = state.contacts.filter((one) => one.contact_id !== body.other_id);
      return json(route, { contact: Object.assign(person(id), { conversations: 4 }), moved, merge_id: 'MRG-1' });
    }],
    ['POST', /^\/contact-merges\/([^/]+)\/undo$/, (route) => {
      state.contacts.push(state.away);
      return json(route, { contact: Object.assign(person('CUST-1'), { conversations: 3 }), other: state.away, moved: {} });
    }],
    ['PATCH', /^\/leads\/([^/]+)$/, (route, _, __, body) => json(route, Object.assign(state.contacts[0].lead, body))],
    ['POST', /^\/leads$/, (route, _, __, body) => {
      const made = { lead_id: 'LEAD-2', status: 'new', score: 10, source: 'staff', priority: 'normal', handover_requested: false, created_at: ago(0), updated_at: ago(0) };
      person(body.contact_id).lead = made;
      return json(route, made, 201);
    }],
    ['POST', /^\/activities$/, (route, _, __, body) => {
      const made = { activity_id: 'ACT-1', at: new Date().toISOString(), staff: state.sarah, conversation_id: null, metadata: {}, ...body };
      state.timeline.unshift({ type: 'activity', state: body.type, at: made.at, text: body.text, staff: state.sarah });
      return json(route, made, 201);
    }],
    ['GET', /^\/tasks$/, (route, _, query) =>
      list(route, state.tasks.filter((one) =>
        (!query.get('open') || (query.get('open') === 'true') === !one.done_at) &&
        (!query.get('owner') || (query.get('owner') === 'none' ? !one.owner : one.owner?.staff_id === state.sarah.staff_id))))],
    ['GET', /^\/leads$/, (route, _, query) =>
      list(route, state.leads.filter((one) => (!query.get('status') || one.status === query.get('status')) && (!query.get('priority') || one.priority === query.get('priority'))))],
    ['GET', /^\/conversations\/[^/]+\/decisions$/, (route) => (state.decisions ? json(route, { items: state.decisions }) : route.fallback())],
    ['GET', /^\/me\/offers$/, (route) => json(route, { items: state.offers })],
    ['POST', /^\/tasks$/, (route, _, __, body) => {
      const made = { task_id: `TASK-${state.tasks.length + 1}`, note: '', done_at: null, owner: state.sarah, contact: { contact_id: body.contact_id, name: 'John' }, conversation_id: null, ticket_id: null, created_at: ago(0), due_at: null, ...body };
      state.tasks.push(made);
      return json(route, made, 201);
    }],
    ['PATCH', /^\/tasks\/([^/]+)$/, (route, [id], _, body) => {
      const task = state.tasks.find((one) => one.task_id === id);
      return json(route, Object.assign(task, { done_at: body.done ? new Date().toISOString() : null }));
    }],

    ['GET', /^\/search$/, (route, _, query) => {
      const types = said(query, 'types');
      // The newest parts of what was written may hold nothing that is asked for.
      const page = Number(query.get('cursor') ?? 0);
      if (page < state.emptySearchPages) return json(route, { items: [], next_cursor: String(page + 1), took_ms: 4 });
      return list(route, query.get('q') ? state.hits.filter((hit) => !types.length || types.some((type) => type.startsWith(hit.type))) : [], { took_ms: 4 });
    }],
    ['GET', /^\/views$/, (route) => list(route, state.views)],
    ['POST', /^\/views$/, (route, _, __, body) => {
      const made = { view_id: `VIEW-${state.views.length + 1}`, ...body };
      state.views.push(made);
      return json(route, made, 201);
    }],
    ['DELETE', /^\/views\/([^/]+)$/, (route, [id]) => {
      state.views = state.views.filter((view) => view.view_id !== id);
      return route.fulfill({ status: 204 });
    }],
    ['GET', /^\/export\/([^/]+)$/, (route) => route.fulfill({ status: 200, contentType: 'text/csv', body: 'conversation_id\nCONV-1\n' })],
    ['GET', /^\/conversations\/([^/]+)\/transcript$/, (route) =>
      route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html><title>Transcript</title><p>Hello</p>' })],

    ['GET', /^\/templates\/suggestions$/, (route, _, query) => {
      const q = (query.get('q') ?? '').toLowerCase();
      return list(route, state.templates.filter((one) => `${one.shortcut} ${one.name} ${one.body_en}`.toLowerCase().includes(q)));
    }],
    ['POST', /^\/templates\/([^/]+)\/text$/, (route, [id]) =>
      json(route, { text: state.templates.find((one) => one.template_id === id).body_en.replace('{{name}}', 'John'), language: 'en' })],
    ['GET', /^\/macros$/, (route) => list(route, state.macros)],
    ['POST', /^\/macros\/([^/]+)\/run$/, (route) => json(route, { run_id: 'RUN-1', done: state.macros[0].steps })],
    ['POST', /^\/macro-runs\/([^/]+)\/undo$/, (route) => json(route, {})],
    ['POST', /^\/conversations\/([^/]+)\/acceptance$/, (route) => json(route, {})],
  ];

  await page.route('**/api/v1/**', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const path = url.pathname.slice('/api/v1'.length);
    for (const [method, pattern, answer] of handlers) {
      const match = request.method() === method && pattern.exec(path);
      if (!match) continue;
      const body = request.postData() ? request.postDataJSON() : undefined;
      state.calls.push({ method, path, query: Object.fromEntries(url.searchParams), body });
      return answer(route, match.slice(1).map(decodeURIComponent), url.searchParams, body);
    }
    return route.fallback();
  });
}

/**
 * The page's socket with a way to put events on it, as if the server had sent them. Sent once the page has been told
 * that it is subscribed: no event comes before that, and none that comes after it may be lost.
 */
export async function liveEvents(page) {
  const sockets = new Set();
  let subscribed;
  const live = new Promise((resolve) => (subscribed = resolve));
  await page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      socket.send(frame);
      if (String(frame).includes('"subscribed"')) subscribed();
    });
    sockets.add(socket);
  });
  return async (...events) => {
    await live;
    for (const socket of sockets) socket.send(JSON.stringify({ type: 'events', events: events.map((event) => ({ id: 0, at: new Date().toISOString(), ...event })) }));
  };
}
