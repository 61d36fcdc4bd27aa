INSERT INTO first VALUES (1, 'a');
