package io.sluice.orchestrator.alert;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Deliveries by HTTP POST. Follows no redirect: a receiver is where an admin said it is. What it answers is not read. */
@Component
class HttpSender implements Sender {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(LIMIT)
            .build();

    @Override
    public @Nullable String send(Delivery delivery) {
        HttpRequest request = HttpRequest.newBuilder(delivery.url())
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "sluice")
                .header("Sluice-Notice", Long.toString(delivery.notice()))
                .header(
                        "Sluice-Signature",
                        Signature.header(delivery.keyId(), delivery.secret(), delivery.now(), delivery.body()))
                .POST(HttpRequest.BodyPublishers.ofString(delivery.body()))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status / 100 == 2 ? null : "it answered with status " + status;
        } catch (IOException e) {
            return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
