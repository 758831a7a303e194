package io.sluice.orchestrator.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Every statement that goes through a data source, with the plan that PostgreSQL has for it whatever its parameters are. */
final class ExplainedStatements {
    private final Map<String, String> plans = new LinkedHashMap<>();

    DataSource through(DataSource source) {
        return proxy(DataSource.class, (method, arguments) -> {
            Object answer = call(source, method, arguments);
            return answer instanceof Connection connection ? explaining(connection) : answer;
        });
    }

    /** Statements whose plan reads one of these tables from end to end. */
    List<String> scanning(List<String> tables) {
        return plans.entrySet().stream()
                .filter(entry -> tables.stream()
                        .anyMatch(
                                table -> Stream.of(entry.getValue().split("\n")).anyMatch(line -> scans(line, table))))
                .map(entry -> entry.getKey() + "\n" + entry.getValue())
                .toList();
    }

    private static boolean scans(String line, String table) {
        return line.matches(".*Seq Scan on " + table + "( .*|$)");
    }

    int count() {
        return plans.size();
    }

    void clear() {
        plans.clear();
    }

    private interface Handler {
        @Nullable
        Object handle(Method method, @Nullable Object[] arguments) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        InvocationHandler invocation = (self, method, arguments) -> handler.handle(method, arguments);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, invocation));
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object[] arguments)
            throws SQLException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw new IllegalStateException(method + " failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }

    private Connection explaining(Connection connection) {
        return proxy(Connection.class, (method, arguments) -> {
            Object answer = call(connection, method, arguments);
            return answer instanceof PreparedStatement statement && arguments[0] instanceof String sql
                    ? explaining(connection, sql, statement)
                    : answer;
        });
    }

    private record Setting(Method method, List<@Nullable Object> arguments) {}

    private PreparedStatement explaining(Connection connection, String sql, PreparedStatement statement) {
        Map<Object, Setting> settings = new LinkedHashMap<>();
        return proxy(PreparedStatement.class, (method, arguments) -> {
            if (method.getName().startsWith("set") && arguments.length >= 2) {
                settings.put(arguments[0], new Setting(method, Arrays.asList(arguments)));
            }
            if (method.getName().startsWith("execute")) {
                explain(connection, sql, new ArrayList<>(settings.values()));
            }
            return call(statement, method, arguments);
        });
    }

    private void explain(Connection connection, String sql, List<Setting> settings) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.execute("set plan_cache_mode = force_generic_plan");
        }
        StringBuilder plan = new StringBuilder();
        try (PreparedStatement explain = connection.prepareStatement("explain " + sql)) {
            for (Setting setting : settings) {
                call(explain, setting.method(), setting.arguments().toArray());
            }
            try (ResultSet row = explain.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
        }
        plans.put(sql, plan.toString());
    }

    @Override
    public String toString() {
        return new TreeSet<>(plans.keySet()).toString();
    }
}
