INSERT INTO items SELECT n, ROW('a', 'b')::location FROM generate_series(1, 10) n;
