INSERT INTO items SELECT n, ROW('a', 'b', 3)::place FROM generate_series(1, 10) n;
