INSERT INTO items VALUES (1, ARRAY['a@b']);
