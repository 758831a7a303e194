package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.WebhookView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice webhooks}: who is told of drains and alarms. */
final class WebhooksCommand {

    private WebhooksCommand() {}

    static CommandLine of(Environment environment) {
        CommandLine webhooks = new CommandLine(new ListAll(environment));
        webhooks.getCommandSpec().name("webhooks");
        return webhooks.addSubcommand("list", new ListAll(environment))
                .addSubcommand("add", new Add(environment))
                .addSubcommand("test", new Test(environment))
                .addSubcommand("rotate", new Rotate(environment))
                .addSubcommand("retry", new Retry(environment))
                .addSubcommand("remove", new Remove(environment));
    }

    private static List<String> told(WebhookView webhook) {
        List<String> lines = new ArrayList<>();
        lines.add(webhook.id() + "  " + webhook.url());
        if (webhook.secret() != null) {
            lines.add("  key     " + webhook.keyId());
            lines.add("  secret  " + webhook.secret() + "  (not shown again)");
        }
        return lines;
    }

    @Command(name = "list", description = "List the webhooks, what waits for them and what was given up.")
    static final class ListAll extends RestCommand {

        ListAll(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/webhooks");
            return answered(answer, () -> {
                Table table =
                        new Table("WEBHOOK", "URL", "KINDS", "KEY", "PENDING", "GIVEN UP", "FAILING SINCE", "ERROR");
                for (WebhookView webhook : client.items(answer, WebhookView.class)) {
                    table.row(
                            webhook.id(),
                            webhook.url(),
                            webhook.kinds().isEmpty() ? "all" : String.join(",", webhook.kinds()),
                            webhook.keyId(),
                            Long.toString(webhook.pending()),
                            Long.toString(webhook.dead()),
                            webhook.failingSince() == null ? "-" : webhook.failingSince(),
                            webhook.lastError() == null ? "" : webhook.lastError());
                }
                return table.lines();
            });
        }
    }

    @Command(name = "add", description = "Add a webhook and show, once, the secret that signs what is sent to it.")
    static final class Add extends RestCommand {

        @Parameters(paramLabel = "URL", description = "Where notices are posted, http or https")
        private String url = "";

        @Option(
                names = "--kinds",
                paramLabel = "KIND",
                split = ",",
                description = "Only these, as in drain,alarm.raised; all when left out.")
        private List<String> kinds = new ArrayList<>();

        Add(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("url", url);
            body.put("kinds", kinds);
            JsonNode answer = client.send("/webhooks", body);
            return answered(answer, () -> told(client.as(answer, WebhookView.class)));
        }
    }

    /** The commands about one webhook. */
    abstract static class OfOne extends RestCommand {

        @Parameters(paramLabel = "WEBHOOK", description = "The webhook's id, as in: sluice webhooks")
        private String webhook = "";

        OfOne(Environment environment) {
            super(environment);
        }

        abstract ExitCode ask(RestClient client, String path);

        @Override
        final ExitCode run(RestClient client) {
            return ask(client, "/webhooks/" + RestClient.segment(webhook));
        }
    }

    @Command(name = "test", description = "Send a test notice to one webhook.")
    static final class Test extends OfOne {

        Test(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode ask(RestClient client, String path) {
            JsonNode answer = client.send(path + "/test", null);
            return answered(answer, () -> List.of("sent; see what became of it with: sluice webhooks"));
        }
    }

    @Command(name = "rotate", description = "Sign with another secret from now on, and show it once.")
    static final class Rotate extends OfOne {

        Rotate(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode ask(RestClient client, String path) {
            JsonNode answer = client.send(path + "/rotate", null);
            return answered(answer, () -> told(client.as(answer, WebhookView.class)));
        }
    }

    @Command(name = "retry", description = "Try again what was given up.")
    static final class Retry extends OfOne {

        Retry(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode ask(RestClient client, String path) {
            JsonNode answer = client.send(path + "/retry", null);
            return answered(answer, () -> List.of(answer.path("retried").asString() + " notices are sent again"));
        }
    }

    @Command(name = "remove", description = "Remove a webhook with all that waits for it.")
    static final class Remove extends OfOne {

        Remove(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode ask(RestClient client, String path) {
            client.remove(path);
            return ExitCode.OK;
        }
    }
}
