package io.sluice.orchestrator.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Calls the server with one bearer token; an empty token sends none. */
record RestCaller(String base, String token, ObjectMapper json) {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What came back. */
    record Reply(int status, String type, String location, JsonNode body) {
        String text(String field) {
            return body.path(field).asString();
        }
    }

    RestCaller with(String other) {
        return new RestCaller(base, other, json);
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    Reply post(String path, @Nullable Object body) {
        return send("POST", path, body == null ? null : json.writeValueAsString(body));
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    Reply send(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String type = response.headers().firstValue("Content-Type").orElse("");
            return new Reply(
                    response.statusCode(),
                    type,
                    response.headers().firstValue("Location").orElse(""),
                    type.contains("json") ? json.readTree(response.body()) : json.valueToTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + path + " was interrupted", e);
        }
    }

    /** The lines of an event stream, after the event of that id. */
    HttpResponse<Stream<String>> stream(String path, @Nullable String last) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (last != null) {
            request.header("Last-Event-ID", last);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }
}
