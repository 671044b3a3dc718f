-- Judgements that ask for nobody are kept for 90 days, the others for good.
CREATE INDEX intent_analysis_log_negative ON intent_analysis_log (created_at) WHERE NOT handover_needed;
