INSERT INTO items SELECT n, 'name ' || n FROM generate_series(1, 50) n;
