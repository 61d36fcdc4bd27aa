INSERT INTO statuses VALUES (2, E'it''s \\ done', 'by hand'), (7, 'kept', NULL);
