INSERT INTO items SELECT n, 'new' FROM generate_series(1, 30) n;
