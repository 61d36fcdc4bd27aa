INSERT INTO items VALUES (1, 'new', '{new,finished}'), (2, 'finished', '{}');
