-- From raw order lines to judged ones. `raw` has the columns of the source and `n`, the place in it.

CREATE TEMP TABLE lines AS
SELECT *,
    upper(trim(StockCode)) AS code,
    nullif(trim(regexp_replace(Description, '\s+', ' ', 'g')), '') AS wording,
    InvoiceNo LIKE 'C%' AND Quantity < 0 AS is_return,
    row_number() OVER (PARTITION BY InvoiceNo ORDER BY n) AS line,
    row_number() OVER (
        PARTITION BY InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
        ORDER BY n) AS copy
FROM raw;

-- The first reason that applies is the reason. Goods are numbered with five digits; DCGS ones are goods too.
CREATE TEMP TABLE plain AS
SELECT *,
    CASE
        WHEN copy > 1 THEN 'exact_duplicate'
        WHEN NOT regexp_matches(code, '^([0-9]{5}[A-Z]*|DCGS[A-Z0-9]+)$') THEN 'not_goods'
        WHEN Quantity <= 0 AND NOT is_return THEN 'non_positive_quantity'
        WHEN NOT UnitPrice > 0 THEN 'non_positive_price'
        WHEN CustomerID IS NULL THEN 'missing_customer'
    END AS fault
FROM lines;

-- Tukey's outer fence on the logarithm of the quantity, for each item: the third quartile plus three spreads,
-- a spread being at least a factor of 4. Items of fewer than 10 lines are held against the whole shop.
CREATE TEMP TABLE fences AS
WITH sold AS (SELECT code, ln(Quantity) AS size FROM plain WHERE fault IS NULL AND NOT is_return),
shop AS (SELECT quantile_cont(size, 0.25) AS low, quantile_cont(size, 0.75) AS high FROM sold),
own AS (
    SELECT code, count(*) AS n_lines, quantile_cont(size, 0.25) AS low, quantile_cont(size, 0.75) AS high
    FROM sold GROUP BY code),
ranges AS (
    SELECT code, CASE WHEN n_lines < 10 THEN shop.low ELSE own.low END AS low,
        CASE WHEN n_lines < 10 THEN shop.high ELSE own.high END AS high
    FROM own CROSS JOIN shop)
SELECT code, exp(high + 3 * greatest(high - low, ln(4))) AS fence FROM ranges;

CREATE TEMP TABLE sized AS
SELECT plain.* EXCLUDE (fault),
    CASE WHEN fault IS NULL AND abs(Quantity) > fence THEN 'extreme_quantity' ELSE fault END AS fault
FROM plain LEFT JOIN fences USING (code);

-- A return needs an earlier purchase of that item by that customer which was itself kept.
CREATE TEMP TABLE judged AS
WITH bought AS (
    SELECT CustomerID, code, min(InvoiceDate) AS since FROM sized
    WHERE fault IS NULL AND NOT is_return GROUP BY ALL),
first_sold AS (SELECT code, min(InvoiceDate) AS arrived FROM sized WHERE fault IS NULL AND NOT is_return GROUP BY code)
SELECT sized.* EXCLUDE (fault), first_sold.arrived,
    CASE WHEN fault IS NULL AND is_return AND NOT coalesce(since <= InvoiceDate, false)
        THEN 'return_without_purchase' ELSE fault END AS fault
FROM sized LEFT JOIN bought USING (CustomerID, code) LEFT JOIN first_sold USING (code);

CREATE TEMP TABLE goods AS
WITH words AS (SELECT code, mode(wording ORDER BY n) AS title FROM judged WHERE wording IS NOT NULL AND copy = 1
    AND UnitPrice > 0 GROUP BY code),
recent AS (
    SELECT code, UnitPrice, row_number() OVER (PARTITION BY code ORDER BY InvoiceDate DESC, n DESC) AS age
    FROM judged WHERE fault IS NULL AND NOT is_return),
prices AS (SELECT code, median(UnitPrice) AS price FROM recent WHERE age <= 15 GROUP BY code),
firsts AS (SELECT code, min(n) AS n, any_value(arrived) AS arrived FROM judged WHERE fault IS NULL GROUP BY code)
SELECT code, coalesce(title, code) AS title, price, epoch_us(arrived) AS arrived
FROM firsts JOIN prices USING (code) LEFT JOIN words USING (code) ORDER BY firsts.arrived, firsts.n;
