INSERT INTO items SELECT n, 'a@b' FROM generate_series(1, 30) n;
