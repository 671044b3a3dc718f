-- People on the other side: one record per person, what may become of them, and what is to be done for them.

ALTER TABLE contact
    ADD COLUMN vip boolean NOT NULL DEFAULT false,
    ADD COLUMN company text NOT NULL DEFAULT '',
    ADD COLUMN custom jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN consent jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN last_contact_at timestamptz,
    ADD COLUMN merged_into bigint REFERENCES contact, -- kept so that an old id still leads to the person
    ADD COLUMN e164 text COLLATE "C",                 -- of phone; '' when that is no number, null: not looked at yet
    ADD COLUMN email_key text COLLATE "C" GENERATED ALWAYS AS (lower(btrim(email))) STORED;
CREATE INDEX contact_e164 ON contact (e164) WHERE e164 <> '';
CREATE INDEX contact_email_key ON contact (email_key) WHERE email_key <> '';
CREATE INDEX contact_phone_unread ON contact (contact_id) WHERE e164 IS NULL AND phone <> '';
CREATE INDEX contact_recent ON contact (coalesce(last_contact_at, created_at) DESC, contact_id DESC)
    WHERE merged_into IS NULL;
CREATE INDEX contact_name_company ON contact (lower(name), lower(company)) WHERE name <> '' AND company <> '';
CREATE INDEX contact_merged_into ON contact (merged_into) WHERE merged_into IS NOT NULL;

-- The channel, or a member of staff, has made sure that it is theirs.
ALTER TABLE contact_identity ADD COLUMN verified boolean NOT NULL DEFAULT false;

CREATE TABLE lead (
    lead_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id bigint NOT NULL REFERENCES contact,
    status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'qualified', 'won', 'lost')),
    score integer NOT NULL DEFAULT 0 CHECK (score BETWEEN 0 AND 1000),
    source text NOT NULL DEFAULT '',
    priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high')),
    handover_requested boolean NOT NULL DEFAULT false,
    handover_trigger text,
    handover_timestamp timestamptz,
    conversation_id bigint REFERENCES conversation, -- of the latest handover
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX lead_contact ON lead (contact_id);
CREATE INDEX lead_updated ON lead (updated_at DESC, lead_id DESC);
CREATE INDEX lead_trigger ON lead (handover_trigger) WHERE handover_requested;

CREATE TABLE activity (
    activity_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id bigint NOT NULL REFERENCES contact,
    type text NOT NULL CHECK (type ~ '^[a-z][a-z_]{0,39}$'),
    title text NOT NULL DEFAULT '',
    body text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    staff_id bigint REFERENCES staff,
    conversation_id bigint REFERENCES conversation,
    metadata jsonb NOT NULL DEFAULT '{}',
    event_id bigint CONSTRAINT activity_event_key UNIQUE -- written because of that event: never twice
);
CREATE INDEX activity_contact ON activity (contact_id, at DESC);
CREATE INDEX activity_at ON activity (at DESC, activity_id DESC);
CREATE INDEX activity_type ON activity (type, at DESC);

CREATE TABLE task (
    task_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    note text NOT NULL DEFAULT '',
    due_at timestamptz,
    done_at timestamptz,
    owner_id bigint REFERENCES staff,
    created_by bigint REFERENCES staff,
    contact_id bigint REFERENCES contact,
    conversation_id bigint REFERENCES conversation,
    ticket_id text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX task_owner ON task (owner_id, due_at) WHERE owner_id IS NOT NULL;
CREATE INDEX task_created_by ON task (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX task_due ON task (coalesce(due_at, 'infinity'), task_id);
CREATE INDEX task_contact ON task (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX task_conversation ON task (conversation_id) WHERE conversation_id IS NOT NULL;

-- Two records that were one person. snapshot: both as they were, and which rows moved; enough to take it back.
CREATE TABLE contact_merge (
    merge_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kept_id bigint NOT NULL REFERENCES contact,
    other_id bigint NOT NULL REFERENCES contact,
    snapshot jsonb NOT NULL,
    at timestamptz NOT NULL,
    staff_id bigint REFERENCES staff,
    undone_at timestamptz,
    undone_by bigint REFERENCES staff
);
CREATE INDEX contact_merge_kept ON contact_merge (kept_id);
CREATE INDEX contact_merge_other ON contact_merge (other_id);

-- Tickets are made by a later migration; until it has run a contact simply has none.
CREATE FUNCTION contact_tickets(in_contact bigint)
RETURNS TABLE (ticket_id text, subject text, status text, at timestamptz, assigned bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF to_regclass('ticket') IS NOT NULL THEN
        RETURN QUERY EXECUTE
            'SELECT t.ticket_id::text, t.subject::text, t.status::text, t.created_at, t.assigned_staff_id
             FROM ticket t WHERE t.contact_id = $1 AND t.merged_into IS NULL' USING in_contact;
    END IF;
END $$;

-- Moves tickets between contacts: those of in_from, or of them only the listed ones. Returns which.
CREATE FUNCTION move_contact_tickets(in_from bigint, in_to bigint, in_only text[]) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('ticket') IS NOT NULL THEN
        RETURN QUERY EXECUTE
            'UPDATE ticket SET contact_id = $2, version = version + 1
             WHERE contact_id = $1 AND ($3 IS NULL OR ticket_id = ANY ($3)) RETURNING ticket_id::text'
            USING in_from, in_to, in_only;
    END IF;
END $$;

CREATE FUNCTION visible_ticket_contacts(in_staff bigint, in_departments bigint[], in_engineer boolean)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF to_regclass('ticket') IS NOT NULL THEN
        RETURN QUERY EXECUTE
            'SELECT t.contact_id FROM ticket t WHERE t.assigned_staff_id = $1
             UNION SELECT t.contact_id FROM ticket t WHERE $3 AND t.level <> ''L1''
             UNION SELECT t.contact_id FROM ticket t
             WHERE NOT $3 AND $1 > 0 AND t.assigned_staff_id IS NULL AND t.status NOT IN (''resolved'', ''closed'')
               AND (t.department_id IS NULL OR t.department_id = ANY ($2))'
            USING in_staff, in_departments, in_engineer;
    END IF;
END $$;

-- The contacts that agents and engineers see: of conversations and tickets that they may see, and of their tasks.
-- Managers and admins see every one. in_staff is -1 for who sees nothing.
CREATE FUNCTION visible_contacts(in_staff bigint, in_departments bigint[], in_engineer boolean)
RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT v.contact_id FROM conversation v WHERE NOT in_engineer AND v.assigned_staff_id = in_staff
    UNION SELECT v.contact_id FROM conversation v
          WHERE NOT in_engineer AND in_staff > 0 AND v.status = 'pending'
            AND (v.department_id IS NULL OR v.department_id = ANY (in_departments))
    UNION SELECT k.contact_id FROM task k WHERE k.owner_id = in_staff AND k.contact_id IS NOT NULL
    UNION SELECT k.contact_id FROM task k WHERE k.created_by = in_staff AND k.contact_id IS NOT NULL
    UNION SELECT * FROM visible_ticket_contacts(in_staff, in_departments, in_engineer)
$$;

CREATE FUNCTION contact_visible(in_contact bigint, in_everything boolean, in_staff bigint, in_departments bigint[],
                                in_engineer boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT in_everything
        OR EXISTS (SELECT 1 FROM visible_contacts(in_staff, in_departments, in_engineer) AS v (contact_id)
                   WHERE v.contact_id = in_contact)
$$;

-- The lead that counts for a contact: an open one before a finished one, then the newest.
CREATE FUNCTION contact_lead(in_contact bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT lead_id FROM lead WHERE contact_id = in_contact
    ORDER BY (status IN ('new', 'qualified')) DESC, lead_id DESC LIMIT 1
$$;

-- Column order is contact::contact_from's.
CREATE VIEW contact_view AS
SELECT c.contact_id, c.name, c.email, coalesce(c.e164, '') AS e164, c.phone, c.language, c.vip, c.company,
       c.custom::text AS custom, c.consent::text AS consent,
       greatest(c.last_contact_at, latest.at) AS last_contact_at, c.created_at, c.updated_at, c.merged_into,
       coalesce((SELECT json_agg(json_build_object('channel', i.channel, 'external_id', i.external_id,
                                                   'verified', i.verified) ORDER BY i.channel, i.external_id)
                 FROM contact_identity i WHERE i.contact_id = c.contact_id), '[]')::text AS identities,
       latest.conversations,
       (SELECT count(*) FROM contact_tickets(c.contact_id) k WHERE k.status NOT IN ('resolved', 'closed'))
           AS open_tickets,
       l.lead_id, l.status AS lead_status, l.score, l.source, l.priority, l.handover_requested, l.handover_trigger,
       l.handover_timestamp, l.created_at AS lead_created_at, l.updated_at AS lead_updated_at
FROM contact c
CROSS JOIN LATERAL (SELECT count(*) AS conversations, max(v.last_at) AS at
                    FROM conversation v WHERE v.contact_id = c.contact_id) latest
LEFT JOIN lead l ON l.lead_id = contact_lead(c.contact_id);
