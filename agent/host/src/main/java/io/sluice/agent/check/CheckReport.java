package io.sluice.agent.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a host can do, for people or for programs. */
public final class CheckReport {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private CheckReport() {}

    public static String words(HostAbilities abilities) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : abilities.findings()) {
            text.append(
                    String.format("%-4s %-15s %s%n", finding.there() ? "yes" : "NO", finding.what(), finding.seen()));
            if (finding.remedy() != null) {
                text.append(String.format("%20s -> %s%n", "", finding.remedy()));
            }
        }
        return text.append(
                        abilities.kernelPath()
                                ? "The kernel's data path can be used here."
                                : "The kernel's data path cannot be used here: volumes arrive by the portable engine.")
                .append(System.lineSeparator())
                .toString();
    }

    public static String json(HostAbilities abilities) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("kernelPath", abilities.kernelPath());
        List<Finding> findings = abilities.findings();
        report.put("findings", findings);
        return JSON.writeValueAsString(report) + System.lineSeparator();
    }
}
