INSERT INTO items VALUES (1, 'x', 2);
