package io.sluice.orchestrator.fleet;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses workers by their labels and their place: {@code rack=r07,kernel!=6.12,gpu}. Every term must hold; a key alone asks that
 * the label is there. {@code region}, {@code zone} and {@code rack} are the worker's location.
 */
public record WorkerSelector(List<Term> terms) {

    /**
     * One condition.
     *
     * @param value null asks that there is any
     */
    public record Term(String key, @Nullable String value, boolean equal) {
        boolean holds(WorkerProfile worker) {
            String there = read(worker);
            return value == null ? there != null : value.equals(there) == equal;
        }

        private @Nullable String read(WorkerProfile worker) {
            return switch (key) {
                case "region" -> worker.location().region();
                case "zone" -> worker.location().zone();
                case "rack" -> worker.location().rack();
                default -> worker.labels().get(key);
            };
        }
    }

    public WorkerSelector {
        terms = List.copyOf(terms);
    }

    public static WorkerSelector parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            terms.add(term(part.strip(), text));
        }
        return new WorkerSelector(terms);
    }

    private static Term term(String part, String text) {
        int differs = part.indexOf("!=");
        int equals = part.indexOf('=');
        String key =
                (differs >= 0 ? part.substring(0, differs) : equals >= 0 ? part.substring(0, equals) : part).strip();
        if (key.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no selector; one is written like 'rack=r07,kernel!=6.12,gpu'");
        }
        if (differs >= 0) {
            return new Term(key, part.substring(differs + 2).strip(), false);
        }
        return equals >= 0 ? new Term(key, part.substring(equals + 1).strip(), true) : new Term(key, null, true);
    }

    public boolean matches(WorkerProfile worker) {
        return terms.stream().allMatch(term -> term.holds(worker));
    }
}
