package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.RestClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that asks the service something and prints the answer, as a table or as the service's own JSON. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.TEXT_OK,
            ExitCode.TEXT_FAILED,
            ExitCode.TEXT_USAGE,
            ExitCode.TEXT_UNREACHABLE,
            ExitCode.TEXT_REFUSED,
            ExitCode.TEXT_BLOCKED,
            ExitCode.TEXT_CANCELLED
        })
abstract class RestCommand implements Callable<Integer> {

    enum Output {
        TABLE,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table (default) or json: what the service answered.")
    private Output output = Output.TABLE;

    @Mixin
    private final Connection connection;

    @Spec
    private @Nullable CommandSpec spec;

    RestCommand(Environment environment) {
        this.connection = new Connection(environment);
    }

    abstract ExitCode run(RestClient client);

    @Override
    public final Integer call() {
        try (RestClient client = connection.open()) {
            return run(client).status();
        } finally {
            out().flush();
        }
    }

    /** Prints what the service answered, as it came or in words; the words are made only where they are wanted. */
    ExitCode answered(JsonNode answer, Supplier<List<String>> words) {
        if (json()) {
            print(answer);
        } else {
            print(words.get());
        }
        return ExitCode.OK;
    }

    boolean json() {
        return output == Output.JSON;
    }

    PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls a command");
        }
        return spec.commandLine().getOut();
    }

    void print(List<String> lines) {
        lines.forEach(out()::println);
    }

    void print(JsonNode node) {
        out().println(node.toPrettyString());
    }
}
