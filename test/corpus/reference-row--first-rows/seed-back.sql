INSERT INTO statuses VALUES (9, 'other');
