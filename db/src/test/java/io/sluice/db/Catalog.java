package io.sluice.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What programs that were written for a schema rely on: its tables and columns, and what these refuse.
 *
 * @param columns by TABLE.COLUMN
 * @param rules constraints, unique indexes and triggers, by TABLE and definition
 * @param functions by name and arguments
 */
record Catalog(Map<String, Column> columns, Map<String, Rule> rules, Set<String> functions) {

    /** A column; what is filled in for who does not name it is a default, an identity or an expression. */
    record Column(String table, String type, boolean required, boolean filled) {}

    /** Something that refuses rows of a table, and the columns it looks at; a trigger looks at all of them. */
    record Rule(String table, String definition, Set<String> columns) {}

    static Catalog read(Connection connection) throws SQLException {
        Map<String, Column> columns = new TreeMap<>();
        Map<String, Rule> rules = new TreeMap<>();
        Set<String> functions = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("""
                    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                        a.atthasdef or a.attidentity <> '' from pg_attribute a join pg_class c on c.oid = a.attrelid
                    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0
                      and not a.attisdropped and c.relname not like 'flyway%'""")) {
                while (row.next()) {
                    columns.put(
                            row.getString(1) + "." + row.getString(2),
                            new Column(row.getString(1), row.getString(3), row.getBoolean(4), row.getBoolean(5)));
                }
            }
            try (ResultSet row = statement.executeQuery("""
                    select c.relname, r.definition, (
                        select array_agg(a.attname::text) from pg_attribute a
                        where a.attrelid = c.oid and a.attnum = any(r.keys))
                    from pg_class c join (
                        select conrelid, pg_get_constraintdef(oid), conkey from pg_constraint where contype <> 'n'
                        union all
                        select indrelid, pg_get_indexdef(indexrelid), indkey::int2[] from pg_index where indisunique
                        union all
                        select tgrelid, pg_get_triggerdef(oid), null from pg_trigger
                        where not tgisinternal and (tgtype & 2) <> 0) r (relation, definition, keys) on r.relation = c.oid
                    where c.relnamespace = 'public'::regnamespace and c.relname not like 'flyway%'""")) {
                while (row.next()) {
                    Set<String> looksAt = row.getArray(3) == null
                            ? Set.of("*")
                            : Set.of((String[]) row.getArray(3).getArray());
                    Rule rule = new Rule(row.getString(1), row.getString(2), looksAt);
                    rules.put(rule.table() + ": " + rule.definition(), rule);
                }
            }
            try (ResultSet row = statement.executeQuery("""
                    select p.oid::regprocedure::text from pg_proc p
                    where p.pronamespace = 'public'::regnamespace""")) {
                while (row.next()) {
                    functions.add(row.getString(1));
                }
            }
        }
        return new Catalog(columns, rules, functions);
    }

    /** What who was written for this schema would stumble over in a later one. */
    List<String> brokenBy(Catalog later) {
        List<String> broken = new ArrayList<>();
        columns.forEach((name, before) -> {
            Column after = later.columns.get(name);
            if (after == null) {
                broken.add(name + " is gone or has another name");
            } else if (!after.type().equals(before.type())) {
                broken.add(name + " was " + before.type() + " and is " + after.type());
            } else if (after.required() && !after.filled() && (!before.required() || before.filled())) {
                broken.add(name + " must be given now");
            }
        });
        Set<String> tables = new HashSet<>();
        columns.values().forEach(column -> tables.add(column.table()));
        later.columns.forEach((name, after) -> {
            if (!columns.containsKey(name) && tables.contains(after.table()) && after.required() && !after.filled()) {
                broken.add(name + " is new and must be given");
            }
        });
        later.rules.forEach((name, rule) -> {
            if (!rules.containsKey(name) && tables.contains(rule.table()) && !onlyOfNewColumns(rule)) {
                broken.add("new rule for what was there before: " + name);
            }
        });
        Set<String> lost = new HashSet<>(functions);
        lost.removeAll(later.functions);
        lost.forEach(name -> broken.add("function " + name + " is gone"));
        Collections.sort(broken);
        return broken;
    }

    private boolean onlyOfNewColumns(Rule rule) {
        return rule.columns().stream()
                .noneMatch(column -> column.equals("*") || columns.containsKey(rule.table() + "." + column));
    }
}
