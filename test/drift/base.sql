-- One of everything that people make by hand, as the reviewed schema has it. PostgreSQL 14 and later.
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'The shop.';
CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE shop.address AS (street text, town text);
CREATE TYPE shop.price_range AS RANGE (subtype = numeric);
CREATE DOMAIN shop.positive AS integer DEFAULT 1 CONSTRAINT positive_check CHECK (VALUE > 0);
CREATE SEQUENCE shop.ticket AS bigint INCREMENT BY 10 CACHE 5;
CREATE COLLATION shop.bytewise (locale = 'C');
CREATE FUNCTION shop.total(price numeric, pieces integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT price * pieces';
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed_at := now(); RETURN NEW; END $$;
CREATE PROCEDURE shop.forget(days integer) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM shop.visits WHERE at < now() - days * interval '1 day'; END $$;
CREATE AGGREGATE shop.product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');
CREATE OPERATOR shop.<=> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
CREATE TABLE shop.customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mail text NOT NULL,
  name text COLLATE "C" NOT NULL DEFAULT 'nobody',
  mood shop.mood NOT NULL DEFAULT 'ok',
  home shop.address,
  level shop.positive,
  born date,
  note text,
  changed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customers_mail_key UNIQUE (mail),
  CONSTRAINT customers_born CHECK (born > '1900-01-01')
) WITH (fillfactor = 90);
CREATE TABLE shop.orders (
  id bigint PRIMARY KEY DEFAULT nextval('shop.ticket'),
  customer_id bigint NOT NULL CONSTRAINT orders_customer_fkey REFERENCES shop.customers (id) ON DELETE CASCADE,
  price numeric(10, 2) NOT NULL,
  pieces integer NOT NULL,
  total numeric GENERATED ALWAYS AS (shop.total(price, pieces)) STORED,
  placed_at timestamptz NOT NULL,
  paid boolean NOT NULL,
  during tstzrange,
  CONSTRAINT orders_during EXCLUDE USING gist (during WITH &&)
);
CREATE INDEX orders_customer ON shop.orders (customer_id, placed_at DESC);
CREATE INDEX orders_unpaid ON shop.orders (placed_at) WHERE NOT paid;
CREATE UNIQUE INDEX customers_mail_lower ON shop.customers (lower(mail));
CREATE STATISTICS shop.orders_paid_price (dependencies, ndistinct) ON paid, price FROM shop.orders;
CREATE TABLE shop.visits (at timestamptz NOT NULL, page text NOT NULL, CONSTRAINT visits_page CHECK (page <> '')) PARTITION BY RANGE (at);
CREATE TABLE shop.visits_2026_01 PARTITION OF shop.visits FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00');
CREATE TABLE shop.visits_2026_02 PARTITION OF shop.visits FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00');
CREATE INDEX visits_page ON shop.visits (page);
CREATE VIEW shop.open_orders AS SELECT id, customer_id, total FROM shop.orders WHERE NOT paid;
CREATE MATERIALIZED VIEW shop.turnover AS SELECT customer_id, sum(total) AS total FROM shop.orders GROUP BY customer_id;
CREATE UNIQUE INDEX turnover_customer ON shop.turnover (customer_id);
CREATE TRIGGER touch BEFORE UPDATE ON shop.customers FOR EACH ROW EXECUTE FUNCTION shop.touch();
CREATE RULE no_delete AS ON DELETE TO shop.customers DO INSTEAD NOTHING;
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_orders ON shop.orders FOR SELECT TO drift_reader USING (customer_id > 0);
GRANT USAGE ON SCHEMA shop TO drift_reader, drift_writer;
GRANT SELECT ON shop.customers, shop.orders, shop.open_orders TO drift_reader;
GRANT INSERT, UPDATE ON shop.orders TO drift_writer;
GRANT SELECT (id, mail) ON shop.customers TO drift_writer;
GRANT EXECUTE ON FUNCTION shop.total(numeric, integer) TO drift_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO drift_reader;
CREATE PUBLICATION shop_feed FOR TABLE shop.orders, shop.customers;
COMMENT ON TABLE shop.customers IS 'Who buys.';
COMMENT ON COLUMN shop.customers.mail IS 'Where to write to.';
COMMENT ON INDEX shop.orders_unpaid IS 'For reminders.';
COMMENT ON FUNCTION shop.total(numeric, integer) IS 'Price times pieces.';
