package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench bare}: the server without a protocol, started by {@code bench target}. */
@Command(name = "bare", hidden = true, description = "Serves a file without any protocol until interrupted.")
final class BareCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--file", required = true, paramLabel = "FILE", description = "What to serve.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        try (BareServer server = new BareServer(file)) {
            if (spec != null) {
                spec.commandLine().getOut().println("serving at port " + server.port());
                spec.commandLine().getOut().flush();
            }
            server.run();
            return 0;
        }
    }
}
