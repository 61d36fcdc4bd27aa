INSERT INTO items SELECT n, 'eu', 'x' FROM generate_series(1, 99) n;
