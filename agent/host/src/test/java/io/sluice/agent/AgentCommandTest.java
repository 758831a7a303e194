package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentCommandTest {
    private static final Path EXAMPLE = Path.of("../../deploy/agent/agent.yaml");

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String valid = "";

    @BeforeEach
    void aValidFile() {
        valid = """
                orchestrator:
                  url: http://127.0.0.1:8080
                  joinToken: open-sesame
                stateDirectory: %1$s/state
                name: worker-1
                portal: {bind: '127.0.0.1:3260'}
                diskPortal: {bind: '127.0.0.1:3261'}
                pools: [{name: main, path: %1$s/pool, capacity: 10G}]
                workloadsDirectory: %1$s/workloads.d
                """.formatted(directory);
    }

    private int print(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("agent.yaml"), content);
        return AgentCommand.execute(
                new String[] {"--config", file.toString(), "--print-config"},
                new PrintWriter(out),
                new PrintWriter(err, true));
    }

    @Test
    void whatIsInForceIsPrintedWithoutSecrets() throws IOException {
        assertThat(print(valid)).isZero();

        assertThat(out.toString())
                .contains("worker-1", "10737418240B", "parallelActions: 32", "disks: \"auto\"", "(withheld)")
                .doesNotContain("open-sesame");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            name: worker-1                | nmae: worker-1               | nmae
            name: worker-1                | name: ''                     | name
            10G                           | 10 gallons                   | pools[0].capacity
            127.0.0.1:3260                | 127.0.0.1                    | portal.bind
            127.0.0.1:3260                | 0.0.0.0:3260                 | portal.advertised
            127.0.0.1:3261                | 0.0.0.0:3261                 | diskPortal.bind
            name: worker-1                | disks: everywhere            | disks
            http://127.0.0.1:8080         | http://198.51.100.7:8080     | orchestrator.url
            http://127.0.0.1:8080         | ftp://127.0.0.1              | orchestrator.url
            url: http://127.0.0.1:8080    | urls: []                     | orchestrator.urls
            url: http://127.0.0.1:8080    | urls: ['http://127.0.0.1:1', 'http://198.51.100.7:8080'] | orchestrator.urls
            joinToken: open-sesame        | urls: ['http://127.0.0.1:2'] | orchestrator.urls
            joinToken: open-sesame        | joinTokenFile: /no/such/file | orchestrator.joinTokenFile
            joinToken: open-sesame        | caFile: /no/such/file        | orchestrator.caFile
            {name: main,                  | {name: Main,                 | pools[0].name
            {name: main,                  | {name: main, kind: zfs,      | pools[0].kind
            {name: main,                  | {name: main, thinPool: t,    | pools[0].thinPool
            {name: main,                  | {name: main, kind: lvm,      | pools[0].path
            [{name: main,                 | [{name: t, kind: lvm-thin, volumeGroup: vg0}, {name: main, | pools[0].thinPool
            [{name: main,                 | [{name: t, kind: lvm, volumeGroup: -vg}, {name: main, | pools[0].volumeGroup
            [{name: main,                 | [{name: t, kind: lvm, volumeGroup: vg, capacity: 1G}, {name: main, | pools[0].capacity
            [{name: main,                 | [{name: t, kind: lvm, volumeGroup: vg}, {name: u, kind: lvm, volumeGroup: vg}, {name: main, | pools[1].volumeGroup
            [{name: main,                 | [{name: main, kind: lvm, volumeGroup: vg}, {name: main, | pools[1].name
            name: worker-1                | limits: {refreshSeconds: 0}  | limits.refreshSeconds
            name: worker-1                | limits: {refreshSeconds: x}  | limits.refreshSeconds
            name: worker-1                | hydration: {regionBytes: 4096} | hydration.regionBytes
            name: worker-1                | hydration: {leastSeconds: 0} | hydration.leastSeconds
            name: worker-1                | hydration: {promisedBytesPerSecond: 0} | hydration.promisedBytesPerSecond
            name: worker-1                | hydration: {mostInFlightBytes: 65536} | hydration.mostInFlightBytes
            name: worker-1                | hydration: {leastGuestBytesPerSecond: 0} | hydration.leastGuestBytesPerSecond
            """)
    void aBadValueIsRefusedWithFileKeyAndNoStackTrace(String good, String bad, String key) throws IOException {
        assertThat(print(valid.replace(good, bad))).isEqualTo(AgentCommand.BAD_CONFIGURATION);

        assertThat(err.toString())
                .contains(directory.resolve("agent.yaml").toString(), "'" + key + "'")
                .doesNotContain("\tat ");
    }

    @Test
    void poolsOfLvmArePrintedAsTheyAreInForce() throws IOException {
        String pools = "[{name: t, kind: lvm-thin, volumeGroup: vg0, thinPool: p, capacity: 2T},"
                + " {name: l, kind: lvm, volumeGroup: vg0}, {name: main,";

        assertThat(print(valid.replace("[{name: main,", pools))).isZero();
        assertThat(out.toString()).contains("lvm-thin", "thinPool: \"p\"", "2199023255552B", "kind: \"lvm\"");
    }

    @Test
    void howClonesAreDrivenIsPrintedAsItIsInForce() throws IOException {
        assertThat(print(valid)).isZero();
        assertThat(out.toString())
                .contains("promisedBytesPerSecond: 16777216", "leastGuestOperationsPerSecond: 50")
                .doesNotContain("regionBytes");

        out.getBuffer().setLength(0);
        assertThat(print(valid.replace(
                        "name: worker-1",
                        "name: worker-1\nhydration: {throttleGuests: false, regionBytes: 131072, leastSeconds: 60}")))
                .isZero();
        assertThat(out.toString())
                .contains("throttleGuests: false", "regionBytes: 131072", "leastSeconds: 60")
                .doesNotContain("leastGuest");
    }

    @Test
    void severalAddressesArePrintedInTheFilesOwnOrder() throws IOException {
        String several =
                valid.replace("url: http://127.0.0.1:8080", "urls: ['http://127.0.0.1:8081/', 'http://[::1]:8082']");

        assertThat(print(several)).isZero();
        assertThat(out.toString()).containsSubsequence("urls:", "http://127.0.0.1:8081\"", "http://[::1]:8082\"");
    }

    @Test
    void plainHttpToAnotherHostIsTakenWhenAllowed() throws IOException {
        String allowed = valid.replace("http://127.0.0.1:8080", "http://198.51.100.7:8080\n  allowPlainHttp: true");

        assertThat(print(allowed)).isZero();
    }

    @Test
    void whatTheHostCanDoIsTold() throws IOException {
        Path file = Files.writeString(directory.resolve("agent.yaml"), valid);
        int code = AgentCommand.execute(
                new String[] {"--config", file.toString(), "--check", "--json"},
                new PrintWriter(out),
                new PrintWriter(err, true));

        assertThat(code).isIn(0, AgentCommand.SOMETHING_MISSING);
        assertThat(out.toString()).contains("\"kernelPath\"", "\"what\" : \"dm-clone\"");
    }

    @Test
    void aPeerIsLookedForOnlyInACheckAndByAnAddress() throws IOException {
        Path file = Files.writeString(directory.resolve("agent.yaml"), valid);
        for (String[] arguments : List.of(
                new String[] {"--config", file.toString(), "--peer", "10.0.0.1:3260"},
                new String[] {"--config", file.toString(), "--check", "--peer", "10.0.0.1"})) {
            int code = AgentCommand.execute(arguments, new PrintWriter(out), new PrintWriter(err, true));

            assertThat(code).isEqualTo(2);
            assertThat(err.toString()).contains("--peer");
        }
    }

    @Test
    void ofAVolumeThatIsNotArrivingNothingIsMissing() throws IOException {
        Path file = Files.writeString(directory.resolve("agent.yaml"), valid);
        int code = AgentCommand.execute(
                new String[] {"--config", file.toString(), "--missing", "orders"},
                new PrintWriter(out),
                new PrintWriter(err, true));

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("volume 'orders' is not arriving on this host", "sluice migrations show ID");
    }

    @Test
    void aMissingFileIsNamed() {
        int code = AgentCommand.execute(
                new String[] {"--config", "/no/such.yaml"}, new PrintWriter(out), new PrintWriter(err, true));

        assertThat(code).isEqualTo(AgentCommand.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("/no/such.yaml").doesNotContain("\tat ");
    }

    @Test
    void theExampleIsValidAndNamesEveryKey() throws IOException {
        String example = Files.readString(EXAMPLE);
        Path token = Files.writeString(directory.resolve("token"), "t");
        String here = example.replace("/etc/sluice/join-token", token.toString())
                .replace("10.0.0.11", "127.0.0.1")
                .replace("sluice.example.net", "127.0.0.1");
        assertThat(print(here)).as(err.toString()).isZero();

        for (String key : keysOf(AgentFile.class)) {
            assertThat(example).as("key %s", key).containsPattern("(?m)^[ #-]*" + key + ":");
        }
    }

    private static List<String> keysOf(Class<?> type) {
        List<String> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            keys.add(component.getName());
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            if (nested.isRecord()) {
                keys.addAll(keysOf(nested));
            }
        }
        return keys;
    }
}
