-- The requester's side of a ticket: a link that opens this one ticket and nothing else.

CREATE TABLE ticket_access (
    token_hash text COLLATE "C" PRIMARY KEY, -- SHA-256; the token itself is only in the requester's hands
    ticket_no bigint NOT NULL REFERENCES ticket,
    created_at timestamptz NOT NULL
);
CREATE INDEX ticket_access_ticket ON ticket_access (ticket_no);

-- What the requester reads: as asked for with the ticket, else their chat's, their contact's, or their words'.
ALTER TABLE ticket ADD COLUMN language text NOT NULL DEFAULT '';

-- A retry of the requester's is the same answer.
CREATE UNIQUE INDEX ticket_reply_customer_once ON ticket_reply (ticket_no, client_message_id)
    WHERE author = 'customer' AND client_message_id IS NOT NULL;
