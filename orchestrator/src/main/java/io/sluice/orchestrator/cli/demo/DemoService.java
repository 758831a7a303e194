package io.sluice.orchestrator.cli.demo;

import io.sluice.orchestrator.cli.client.RestClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The orchestrator as the rest of a demo's fleet sees it: one server, or several replicas. */
interface DemoService {
    /** Where agents find it, one at least. */
    List<URI> urls();

    /** The file with a role's token: {@code operator}, {@code join}, … */
    Path tokenFile(String role);

    default URI url() {
        return urls().getFirst();
    }

    default String token(String role) {
        return Texts.read(tokenFile(role)).strip();
    }

    default RestClient client() {
        return new RestClient(url(), token("operator"));
    }

    void awaitReady();

    void requireAlive();

    void askToStop();

    void stop();
}
