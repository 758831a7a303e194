package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.CeilingView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.progress.Quantities;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice ceilings}: how much may go on at once, and how much does. */
final class CeilingsCommand {

    private CeilingsCommand() {}

    static CommandLine of(Environment environment) {
        CommandLine ceilings = new CommandLine(new ListAll(environment));
        ceilings.getCommandSpec().name("ceilings");
        return ceilings.addSubcommand("list", new ListAll(environment))
                .addSubcommand("set", new Set(environment))
                .addSubcommand("remove", new Remove(environment));
    }

    enum Direction {
        IN,
        OUT
    }

    private static List<String> table(RestClient client, JsonNode answer) {
        Table table = new Table("SCOPE", "NAME", "DIRECTION", "MIGRATIONS", "OF", "RATE", "OF");
        for (CeilingView ceiling : client.items(answer, CeilingView.class)) {
            boolean each = ceiling.name().equals("*") && !ceiling.scope().equals("fleet");
            table.row(
                    ceiling.scope(),
                    ceiling.name(),
                    ceiling.direction(),
                    each ? "-" : of(ceiling.migrations()),
                    ceiling.maxMigrations() == null ? "no ceiling" : of(ceiling.maxMigrations()),
                    each ? "-" : Quantities.rate(ceiling.grantedBytesPerSecond()),
                    ceiling.bytesPerSecond() == null ? "no ceiling" : Quantities.rate(ceiling.bytesPerSecond()));
        }
        return table.lines();
    }

    private static String of(@Nullable Integer count) {
        return count == null ? Quantities.UNKNOWN : count.toString();
    }

    @Command(name = "list", description = "List the ceilings and what goes on under them.")
    static final class ListAll extends RestCommand {

        ListAll(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/ceilings");
            return answered(answer, () -> table(client, answer));
        }
    }

    /** The commands about one ceiling. */
    abstract static class OfOne extends RestCommand {

        @Parameters(index = "0", paramLabel = "SCOPE", description = "worker, rack, zone, region or fleet")
        private String scope = "";

        @Parameters(
                index = "1",
                paramLabel = "NAME",
                description = "Its name; * for each that has no ceiling of its own, and for the fleet")
        private String name = "";

        @Parameters(index = "2", paramLabel = "DIRECTION", description = "in or out")
        private Direction direction = Direction.OUT;

        OfOne(Environment environment) {
            super(environment);
        }

        abstract JsonNode ask(RestClient client, String path);

        @Override
        final ExitCode run(RestClient client) {
            JsonNode answer = ask(
                    client,
                    "/ceilings/" + RestClient.segment(scope) + "/" + RestClient.segment(name) + "/"
                            + direction.name().toLowerCase(Locale.ROOT));
            return answered(answer, () -> table(client, answer));
        }
    }

    @Command(name = "set", description = "Set a ceiling; what is not given stays as it is.")
    static final class Set extends OfOne {

        @Option(
                names = "--migrations",
                paramLabel = "N",
                description = "Migrations under way at once; 0 lets none begin.")
        private @Nullable Integer migrations;

        @Option(
                names = "--rate",
                paramLabel = "RATE",
                converter = ByteRate.class,
                description = "Bytes per second, as in 100MiB; shared fairly by whoever copies.")
        private @Nullable Long rate;

        Set(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            if (migrations == null && rate == null) {
                throw new UsageProblem("nothing to set", "give --migrations, --rate or both");
            }
            Map<String, Object> body = new LinkedHashMap<>();
            if (migrations != null) {
                body.put("maxMigrations", migrations);
            }
            if (rate != null) {
                body.put("bytesPerSecond", rate);
            }
            return client.patch(path, body);
        }
    }

    @Command(name = "remove", description = "Take a ceiling away.")
    static final class Remove extends OfOne {

        Remove(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.delete(path);
        }
    }
}
