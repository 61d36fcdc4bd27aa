INSERT INTO items SELECT n, ROW('a', 'b')::place, NULL, NULL FROM generate_series(1, 10) n;
