INSERT INTO visits (id) SELECT generate_series(1, 20);
