INSERT INTO items (id, size) VALUES (1, 2);
