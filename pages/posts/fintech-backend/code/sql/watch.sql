-- Views that must be empty, and views that someone looks at.

-- region invariants
CREATE VIEW unbalanced AS        -- empty: debits equal credits in each currency
  SELECT currency, sum(amount) AS off FROM entry
  GROUP BY currency HAVING sum(amount) <> 0;

CREATE VIEW unfounded AS         -- empty: no balance without its entries
  SELECT account.code, balance.amount, coalesce(sum(entry.amount), 0) * side AS entries
  FROM balance JOIN account ON account.id = balance.account
  LEFT JOIN entry ON entry.account = account.id
  GROUP BY account.code, balance.amount, side
  HAVING balance.amount <> coalesce(sum(entry.amount), 0) * side;

CREATE VIEW unheld AS            -- empty: held money is the sum of the open holds
  SELECT account.code, balance.amount, coalesce(sum(hold.amount), 0) AS open
  FROM balance JOIN account ON account.id = balance.account AND account.holds
  LEFT JOIN hold ON hold.held = account.id
    AND NOT EXISTS (SELECT FROM hold_end WHERE hold_end.hold = hold.id)
  GROUP BY account.code, balance.amount
  HAVING balance.amount <> coalesce(sum(hold.amount), 0);
-- endregion invariants

-- region stuck
CREATE VIEW stuck AS             -- payments that nobody moves: alert on age by state
  SELECT rail, state, count(*), max(clock_timestamp() - since) AS oldest
  FROM payment_view WHERE state NOT IN ('settled', 'refused', 'released', 'gone')
  GROUP BY rail, state;

CREATE VIEW lag AS               -- work that waits: alert on age, not on count
  SELECT 'outbox' AS what, count(*), max(clock_timestamp() - due) AS oldest
  FROM outbox WHERE done_at IS NULL AND due <= clock_timestamp()
  UNION ALL
  SELECT 'open holds', count(*), max(clock_timestamp() - posting.booked_at)
  FROM hold JOIN posting ON posting.id = hold.posting
  WHERE NOT EXISTS (SELECT FROM hold_end WHERE hold_end.hold = hold.id);
-- endregion stuck
