package io.sluice.orchestrator.server;

import io.sluice.orchestrator.OrchestratorApplication;
import io.sluice.orchestrator.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.ObjectMapper;

/** A server for tests, one for all of them; each test finds an empty database. */
@SpringBootTest(
        classes = OrchestratorApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.test.metrics.export=true",
            "sluice.tick=200ms",
            // a busy machine is no database that is away
            "sluice.replica.answer-limit=30s",
            "sluice.join-token=join-me",
            "sluice.tokens.viewer=look",
            "sluice.tokens.operator=drain",
            "sluice.tokens.admin=rule"
        })
abstract class ServerTest {

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient sql;

    @Autowired
    ObjectMapper json;

    RestCaller operator;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) throws IOException {
        TestDatabase database = TestDatabase.empty("server");
        Path directory = Files.createTempDirectory("sluice-test-");
        Path password = Files.writeString(directory.resolve("password"), database.password());
        Path key =
                Files.writeString(directory.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
        registry.add("sluice.data-dir", directory::toString);
        registry.add("sluice.key-file", key::toString);
        registry.add("sluice.database.url", database::url);
        registry.add("sluice.database.user", database::user);
        registry.add("sluice.database.password-file", password::toString);
    }

    @BeforeEach
    void emptyDatabase() {
        // under the planning lock: what the tick plans anew for a drain that a test left open would come between the
        // deletions
        sql.sql("update drain set cancel_requested_at = now()"
                        + " from (select pg_advisory_xact_lock(:planning)) held where cancel_requested_at is null")
                .param("planning", 0x51_01_CE_01L)
                .update();
        // the tick of the server and hosts of the test before may hold rows: what is deleted in one order cannot
        // deadlock with them
        for (String table : List.of(
                "migration_event",
                "migration_volume",
                "migration",
                "plan",
                "drain",
                "host_report",
                "worker",
                "epoch_counter",
                "proposal",
                "kept_answer")) {
            sql.sql("delete from " + table).update();
        }
        sql.sql("update copying_summed set hydrated_bytes = 0, copied_bytes = 0")
                .update();
        operator = as("drain");
    }

    RestCaller as(String token) {
        return new RestCaller("http://127.0.0.1:" + port, token, json);
    }

    FakeHost host(String name) {
        return new FakeHost(as("join-me"), name);
    }
}
