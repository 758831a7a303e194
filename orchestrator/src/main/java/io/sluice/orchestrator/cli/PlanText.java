package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.PlanView;
import io.sluice.orchestrator.cli.progress.Quantities;
import io.sluice.orchestrator.cli.progress.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan in words: what goes where and why, what cannot go and what to do about it, and what it will take. */
final class PlanText {

    private PlanText() {}

    static List<String> lines(PlanView plan) {
        List<String> lines = new ArrayList<>();
        lines.add("plan" + (plan.id() == null ? "" : " " + plan.id()) + " to drain " + plan.worker() + ": "
                + plan.placements().size() + " to move, " + plan.refusals().size() + " refused" + forecast(plan));
        if (!plan.placements().isEmpty()) {
            lines.addAll(placements(plan).lines());
        }
        if (!plan.moves().isEmpty()) {
            lines.add("moved out of the way, from other workers:");
            lines.addAll(moves(plan).lines());
        }
        plan.refusals().forEach(refusal -> lines.addAll(Words.refusal(refusal)));
        return lines;
    }

    private static Table placements(PlanView plan) {
        Table table = new Table("  WORKLOAD", "VOLUMES", "SIZE", "TO", "ENGINE", "BECAUSE");
        for (PlanView.Placement placement : plan.placements()) {
            table.row(
                    "  " + (placement.workload() == null ? "-" : placement.workload()),
                    placement.volumes().stream().map(PlanView.PlacedVolume::id).collect(Collectors.joining(", ")),
                    Quantities.bytes(size(placement.volumes())),
                    placement.destination(),
                    Words.engine(placement.engine()),
                    String.join("; ", placement.because()));
        }
        return table;
    }

    private static Table moves(PlanView plan) {
        Table table = new Table("  WORKLOAD", "VOLUMES", "SIZE", "FROM", "TO", "MAKES ROOM FOR");
        for (PlanView.Move move : plan.moves()) {
            table.row(
                    "  " + (move.workload() == null ? "-" : move.workload()),
                    move.volumes().stream().map(PlanView.PlacedVolume::id).collect(Collectors.joining(", ")),
                    Quantities.bytes(size(move.volumes())),
                    move.source(),
                    move.destination(),
                    move.makesRoomFor());
        }
        return table;
    }

    private static @Nullable Long size(List<PlanView.PlacedVolume> volumes) {
        long sum = 0;
        for (PlanView.PlacedVolume volume : volumes) {
            if (volume.sizeBytes() == null) {
                return null;
            }
            sum += volume.sizeBytes();
        }
        return sum;
    }

    private static String range(PlanView.Forecast forecast) {
        String exposure = forecast.exposureBytes() == null
                ? ""
                : ", at most " + Quantities.bytes(forecast.exposureBytes()) + " exposed at a time";
        String latest =
                forecast.secondsAtMost() == null || forecast.secondsAtMost().equals(forecast.seconds())
                        ? ""
                        : " to " + Quantities.seconds(forecast.secondsAtMost());
        return "about " + Quantities.seconds(forecast.seconds()) + latest + exposure;
    }

    private static String forecast(PlanView plan) {
        PlanView.Forecast forecast = plan.forecast();
        if (forecast == null) {
            return "";
        }
        String time = forecast.seconds() == null ? "time unknown" : range(forecast);
        return "; " + Quantities.bytes(forecast.bytes()) + " to bring over, " + time;
    }
}
