-- What leaves the history, and what does not. An entry can be deleted if the transaction says that it is the retention
-- job (app.retention), the entry is 30 days old, and the schema says that its history is kept from a later time on:
-- so no reader takes a history with a gap for a whole one. Nothing lets through an UPDATE or a TRUNCATE.
create or replace function refuse_change() returns trigger language plpgsql as $body$
begin
    if tg_op <> 'DELETE' or tg_table_name <> 'history'
        or coalesce(current_setting('app.retention', true), '') <> 'on' then
        raise exception using message = tg_table_name || ' is append-only', errcode = 'insufficient_privilege';
    end if;
    return null;
end
$body$;

create function guard_history() returns trigger language plpgsql as $body$
declare
    outer_path constant text := current_setting('search_path');
    since timestamptz;
begin
    perform set_config('search_path', quote_ident(tg_table_schema) || ', pg_temp', true);
    select kept_since into since from history_retention;
    perform set_config('search_path', outer_path, true);
    if since is null or old.at >= since or old.at > now() - interval '30 days' then
        raise exception 'this entry of the history is kept' using errcode = 'insufficient_privilege';
    end if;
    return old;
end
$body$;

create trigger kept before delete on history for each row execute function guard_history();

create function guard_retention() returns trigger language plpgsql as $body$
begin
    if coalesce(current_setting('app.retention', true), '') <> 'on'
        or new.kept_since > now() - interval '30 days'
        or (tg_op = 'UPDATE' and new.kept_since < old.kept_since) then
        raise exception 'the history cannot be kept from then on' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$body$;

create trigger guard before insert or update on history_retention for each row execute function guard_retention();
create trigger append_only before truncate on history_retention for each statement execute function refuse_change();
create trigger kept before delete on history_retention for each statement execute function refuse_change();
