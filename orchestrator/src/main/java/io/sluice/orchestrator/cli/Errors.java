package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.RestException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Turns whatever went wrong into a sentence, a remedy and an exit code. Never a stack trace. */
final class Errors {

    private Errors() {}

    static int wrongUsage(CommandLine.ParameterException wrong, String... arguments) {
        CommandLine command = wrong.getCommandLine();
        print(
                command.getErr(),
                wrong.getMessage(),
                "see " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE.status();
    }

    static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        return switch (failure) {
            case RestException refused -> rest(refused, err);
            case UsageProblem usage -> {
                print(err, usage.getMessage(), usage.remedy());
                yield ExitCode.USAGE.status();
            }
            default -> {
                print(
                        err,
                        "this command has a defect: " + failure,
                        "please report it together with the command line you used");
                yield ExitCode.FAILED.status();
            }
        };
    }

    private static int rest(RestException failure, PrintWriter err) {
        return switch (failure) {
            case RestException.Unreachable unreachable -> {
                print(
                        err,
                        unreachable.getMessage(),
                        "start one with sluice server, or give --url (or SLUICE_URL) of one that runs");
                yield ExitCode.UNREACHABLE.status();
            }
            case RestException.Refused refused -> {
                print(err, refused.code() + ": " + refused.getMessage(), refused.remedy());
                yield (refused.causedByRequest() ? ExitCode.REFUSED : ExitCode.FAILED).status();
            }
        };
    }

    private static void print(PrintWriter err, @Nullable String message, @Nullable String remedy) {
        err.println("sluice: " + message);
        if (remedy != null) {
            err.println("  remedy: " + remedy);
        }
        err.flush();
    }
}
