package io.sluice.orchestrator.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.json.JsonMapper;

/** A {@link DemoResult} as one JSON object; times in milliseconds, lists in the order of {@code workloads}. */
final class ResultJson {
    private static final JsonMapper JSON = new JsonMapper();

    private ResultJson() {}

    static String of(DemoResult result) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("worker", result.worker());
        object.put("verified", result.verified());
        object.put("safe_to_power_off", result.safeToPowerOff());
        object.put("drain_seconds", Double.isNaN(result.drainSeconds()) ? null : result.drainSeconds());
        object.put(
                "workloads",
                result.moved().stream().map(DemoResult.Moved::workload).toList());
        object.put(
                "destinations",
                result.moved().stream().map(DemoResult.Moved::destination).toList());
        object.put("interruption_ms", millis(result, DemoResult.Moved::interruptionMillis));
        object.put("stop_ms", millis(result, DemoResult.Moved::stopMillis));
        object.put("cutover_overhead_ms", millis(result, DemoResult.Moved::ownMillis));
        object.put("start_ms", millis(result, DemoResult.Moved::startMillis));
        object.put("bytes_allocated", result.allocatedBytes());
        object.put("bytes_copied", result.copiedBytes());
        object.put("acknowledged_writes", result.acknowledgedWrites());
        object.put("untouched_bytes", result.untouchedBytes());
        List<String> wrong = new ArrayList<>(result.failures());
        result.moved().forEach(moved -> wrong.addAll(moved.verification().wrong()));
        object.put("failures", wrong);
        return JSON.writeValueAsString(object);
    }

    private static List<Double> millis(DemoResult result, ToDoubleFunction<DemoResult.Moved> figure) {
        return result.moved().stream()
                .map(moved -> Math.round(figure.applyAsDouble(moved) * 10) / 10.0)
                .toList();
    }
}
