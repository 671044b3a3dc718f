-- What sections of articles mean, as vectors of an embeddings model, when one is configured. Kept by the text they were
-- made of, so that no text is sent twice; a job adds what is missing.

CREATE TABLE article_vector (
    article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
    model text NOT NULL,
    hash bigint NOT NULL, -- of the text
    dimension integer NOT NULL CHECK (dimension BETWEEN 1 AND 4096),
    vector bytea NOT NULL CHECK (octet_length(vector) = 4 * dimension), -- 4-byte floats, little-endian; of length 1
    at timestamptz NOT NULL,
    PRIMARY KEY (article_id, model, hash)
);
