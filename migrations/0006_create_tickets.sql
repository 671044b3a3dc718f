-- Tickets: the tracked work that comes out of conversations, forms and people.

CREATE TABLE ticket (
    ticket_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id text COLLATE "C" NOT NULL CONSTRAINT ticket_id_key UNIQUE CHECK (ticket_id ~ '^TKT_[0-9]{8}_[A-Z0-9]{4}$'),
    subject text NOT NULL,
    description text NOT NULL DEFAULT '',
    status text NOT NULL DEFAULT 'open'
        CHECK (status IN ('open', 'in_progress', 'waiting_customer', 'on_hold', 'resolved', 'closed')),
    priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('emergency', 'high', 'normal', 'low')),
    level text NOT NULL DEFAULT 'L1' CHECK (level IN ('L1', 'L2', 'manager')),
    category text,
    department_id bigint REFERENCES department,
    assigned_staff_id bigint REFERENCES staff,
    contact_id bigint NOT NULL REFERENCES contact,
    requester_name text NOT NULL DEFAULT '', -- as given with the ticket, whatever the contact is called later
    requester_email text NOT NULL DEFAULT '',
    requester_phone text NOT NULL DEFAULT '',
    conversation_id bigint REFERENCES conversation,
    from_seq integer NOT NULL DEFAULT 0, -- the conversation's messages after this one belong to the ticket
    source text NOT NULL CHECK (source IN ('handover', 'complaint', 'low_confidence', 'portal', 'staff', 'api')),
    tags text[] NOT NULL DEFAULT '{}',
    merged_into bigint REFERENCES ticket,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    active_at timestamptz NOT NULL, -- the last thing that somebody did with it; auto-close counts from here
    first_response_at timestamptz,
    resolved_at timestamptz,
    closed_at timestamptz,
    CHECK (merged_into IS NULL OR status = 'closed')
);
CREATE UNIQUE INDEX ticket_one_open_per_conversation ON ticket (conversation_id)
    WHERE conversation_id IS NOT NULL AND status NOT IN ('resolved', 'closed');
CREATE INDEX ticket_conversation ON ticket (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX ticket_updated ON ticket (updated_at DESC, ticket_no DESC);
CREATE INDEX ticket_unfinished ON ticket (department_id, status) WHERE status NOT IN ('resolved', 'closed');
CREATE INDEX ticket_assigned ON ticket (assigned_staff_id, status) WHERE assigned_staff_id IS NOT NULL;
CREATE INDEX ticket_contact ON ticket (contact_id);
CREATE INDEX ticket_waiting_customer ON ticket (conversation_id) WHERE status = 'waiting_customer';
CREATE INDEX ticket_merged_into ON ticket (merged_into) WHERE merged_into IS NOT NULL;

-- Whose ticket is it? By the address that they give.
CREATE INDEX contact_by_email ON contact (lower(email)) WHERE email <> '';
CREATE INDEX contact_by_phone ON contact (phone) WHERE phone <> '';

-- Answers of tickets without a conversation; with one, they are its messages.
CREATE TABLE ticket_reply (
    reply_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_no bigint NOT NULL REFERENCES ticket,
    author text NOT NULL CHECK (author IN ('staff', 'customer')),
    staff_id bigint REFERENCES staff,
    name text NOT NULL DEFAULT '',
    body text NOT NULL,
    client_message_id text,
    at timestamptz NOT NULL,
    CHECK ((author = 'staff') = (staff_id IS NOT NULL))
);
CREATE INDEX ticket_reply_ticket ON ticket_reply (ticket_no, reply_id);
CREATE UNIQUE INDEX ticket_reply_once ON ticket_reply (ticket_no, staff_id, client_message_id)
    WHERE client_message_id IS NOT NULL;

CREATE TABLE ticket_note (
    note_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_no bigint NOT NULL REFERENCES ticket,
    staff_id bigint NOT NULL REFERENCES staff,
    body text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ticket_note_ticket ON ticket_note (ticket_no, note_id);

CREATE TABLE ticket_history (
    history_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_no bigint NOT NULL REFERENCES ticket,
    at timestamptz NOT NULL,
    actor text NOT NULL, -- a name, or 'system'
    staff_id bigint REFERENCES staff,
    field text NOT NULL,
    before text,
    after text
);
CREATE INDEX ticket_history_ticket ON ticket_history (ticket_no, history_id);

CREATE TABLE ticket_link (
    ticket_no bigint NOT NULL REFERENCES ticket,
    other_no bigint NOT NULL REFERENCES ticket,
    kind text NOT NULL CHECK (kind IN ('related', 'duplicates', 'duplicated_by', 'blocks', 'blocked_by', 'parent', 'child')),
    PRIMARY KEY (ticket_no, other_no),
    CHECK (ticket_no <> other_no)
);

CREATE TABLE ticket_follower (
    ticket_no bigint NOT NULL REFERENCES ticket,
    staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
    PRIMARY KEY (ticket_no, staff_id)
);
CREATE INDEX ticket_follower_staff ON ticket_follower (staff_id);

-- When nobody on our side could do anything: waiting for the customer, on hold, or done. The clocks do not count it.
CREATE TABLE ticket_pause (
    ticket_no bigint NOT NULL REFERENCES ticket,
    from_at timestamptz NOT NULL,
    until_at timestamptz, -- null: still
    reason text NOT NULL,
    PRIMARY KEY (ticket_no, from_at),
    CHECK (until_at IS NULL OR until_at >= from_at)
);
CREATE UNIQUE INDEX ticket_pause_open ON ticket_pause (ticket_no) WHERE until_at IS NULL;

-- How the service level stands, worked out anew at each change (folder sla). One row per ticket that a policy covers.
CREATE TABLE ticket_clock (
    ticket_no bigint PRIMARY KEY REFERENCES ticket,
    policy_id bigint NOT NULL,
    policy text NOT NULL,
    response_due timestamptz,
    response_met timestamptz,
    response_state text NOT NULL,
    response_reminded timestamptz,
    response_breached timestamptz,
    resolution_due timestamptz,
    resolution_met timestamptz,
    resolution_state text NOT NULL,
    resolution_reminded timestamptz,
    resolution_breached timestamptz
);

-- A ticket with the names that people read. Column order is ticket::from_db's.
CREATE VIEW ticket_view AS
SELECT t.ticket_no, t.ticket_id, t.subject, t.description, t.status, t.priority, t.level, t.category,
       t.department_id, d.slug AS department_slug, d.name_en AS department_en, d.name_ar AS department_ar,
       t.assigned_staff_id, s.name AS assigned_name, t.contact_id, t.requester_name, t.requester_email,
       t.requester_phone, t.conversation_id, t.from_seq, t.source, array_to_json(t.tags)::text AS tags,
       m.ticket_id AS merged_id, t.version, t.created_at, t.updated_at, t.active_at, t.first_response_at,
       t.resolved_at, t.closed_at,
       coalesce((SELECT json_agg(json_build_object('staff_id', 'STF-' || f.staff_id, 'name', fs.name) ORDER BY f.staff_id)
                 FROM ticket_follower f JOIN staff fs ON fs.staff_id = f.staff_id
                 WHERE f.ticket_no = t.ticket_no), '[]')::text AS followers,
       k.policy, k.response_due, k.response_met, k.response_state, k.resolution_due, k.resolution_met,
       k.resolution_state
FROM ticket t
LEFT JOIN department d USING (department_id)
LEFT JOIN staff s ON s.staff_id = t.assigned_staff_id
LEFT JOIN ticket m ON m.ticket_no = t.merged_into
LEFT JOIN ticket_clock k ON k.ticket_no = t.ticket_no;
