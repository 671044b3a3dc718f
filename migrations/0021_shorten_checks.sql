-- The same rules in fewer words. PostgreSQL reads a table's checks anew for each statement, from text in which every
-- element of IN (...) is a node of its own; as one array it is one. Of the append lane's statement that was a tenth.
ALTER TABLE conversation
    DROP CONSTRAINT conversation_status_check,
    DROP CONSTRAINT conversation_handler_check,
    DROP CONSTRAINT conversation_priority_check,
    ADD CONSTRAINT conversation_status_check CHECK (status = ANY ('{bot,pending,active,resolved,closed}'::text[])),
    ADD CONSTRAINT conversation_handler_check CHECK (handler = ANY ('{bot,queue,staff}'::text[])),
    ADD CONSTRAINT conversation_priority_check CHECK (priority = ANY ('{emergency,high,normal,low}'::text[]));
ALTER TABLE message
    DROP CONSTRAINT message_role_check,
    ADD CONSTRAINT message_role_check CHECK (role = ANY ('{user,ai,staff,system}'::text[]));
