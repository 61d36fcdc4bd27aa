INSERT INTO items SELECT n, ROW('a')::place FROM generate_series(1, 10) n;
