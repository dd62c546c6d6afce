-- Wakes who dispatches when the transaction commits that had jobs wait, whoever wrote them. One notification for each
-- queue and transaction: PostgreSQL joins equal ones.
create function wake_dispatchers() returns trigger language plpgsql as $body$
declare
    queue_name text;
begin
    for queue_name in select distinct queue from waiting where status in ('pending', 'failed') loop
        perform pg_notify('taruvi_jobs', queue_name);
    end loop;
    return null;
end
$body$;

create trigger wake_on_insert after insert on jobs referencing new table as waiting
    for each statement execute function wake_dispatchers();
create trigger wake_on_update after update on jobs referencing new table as waiting
    for each statement execute function wake_dispatchers();
