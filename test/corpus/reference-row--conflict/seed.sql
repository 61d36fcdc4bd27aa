INSERT INTO statuses VALUES (2, 'something else');
