INSERT INTO statuses VALUES (1, 'open'), (9, 'other');
