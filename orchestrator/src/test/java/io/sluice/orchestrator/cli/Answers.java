package io.sluice.orchestrator.cli;

/** The API's JSON, as a service writes it. */
final class Answers {

    static final String PLAN = """
            {"id":"p-1","hash":"h","worker":"worker-1","placements":[{"workload":"db-1",
            "volumes":[{"id":"vol-1","sizeBytes":268435456,"pool":"main"}],"destination":"worker-2","engine":"DM_CLONE",
            "because":["most free space"]}],"refusals":[],"order":["workload/db-1"],
            "forecast":{"bytes":268435456,"seconds":null}}""";

    static final String REFUSING_PLAN = """
            {"id":"p-2","hash":"h","worker":"worker-1","placements":[],"refusals":[{"workload":"db-1",
            "volumes":["vol-1"],"code":"NO_ELIGIBLE_DESTINATION","message":"all other workers are cordoned",
            "remedy":"uncordon one"}],"order":[],"forecast":{"bytes":0,"seconds":null}}""";

    static final String WORKERS = """
            {"items":[{"id":"worker-1","name":"worker-1","status":"ACTIVE","cordoned":false,"connected":true,
            "lastSeenSeconds":2,"location":{"region":null,"zone":null,"rack":null},"labels":{},
            "portal":"127.0.0.1:3260","agentVersion":"0.1.0",
            "capabilities":{"dmClone":false,"portableClone":true},
            "pools":[{"name":"main","kind":"directory","capacityBytes":4294967296,"committedBytes":536870912,
            "reservedBytes":0,"freeBytes":3758096384}],"volumes":2,"workloads":2,"runningWorkloads":1,
            "capacity":{"cpuMillis":4000,"memoryBytes":8589934592},"requested":null,"drain":null,"failures":[]},
            {"id":"worker-2","name":"worker-2","status":"LOST","cordoned":false,"connected":false,
            "lastSeenSeconds":null,"location":{},"labels":{},"portal":"127.0.0.1:3261","agentVersion":"0.1.0",
            "pools":[],"volumes":null,"workloads":null,"runningWorkloads":null,
            "capacity":{"cpuMillis":4000,"memoryBytes":8589934592},"requested":null,"drain":null,"failures":[]}]}""";

    static final String WRITTEN_OFF = """
            {"id":"worker-2","name":"worker-2","status":"WRITTEN_OFF","cordoned":true,"connected":false,
            "lastSeenSeconds":900,"location":{},"labels":{},"portal":"127.0.0.1:3261","agentVersion":"0.1.0",
            "pools":[],"volumes":null,"workloads":null,"runningWorkloads":null,
            "capacity":{"cpuMillis":4000,"memoryBytes":8589934592},"requested":null,"drain":null,"failures":[],
            "writtenOff":{"at":"2026-11-26T15:00:00Z","by":"ann","reason":"its board burnt"}}""";

    private Answers() {}

    static String drain(String phase, boolean safe, String migrationState) {
        String blockers = safe
                ? ""
                : "{\"code\":\"VOLUME_HELD\",\"message\":\"vol-1 is still there\",\"remedy\":\"wait\","
                        + "\"subject\":\"vol-1\",\"sinceSeconds\":3}";
        return """
            {"id":"d-1","worker":"worker-1","phase":"%s","createdAt":"2026-11-23T15:00:00Z","actor":"operator",
            "reason":"","maxConcurrentPerSource":2,"maxConcurrentPerDestination":2,
            "counts":{"total":1,"planned":0,"running":0,"hydrating":1,"done":0,"aborted":0,"refused":0},
            "bytes":{"total":268435456,"allocated":null,"hydrated":134217728,"copied":null,"skipped":null},
            "bytesPerSecond":null,"etaSeconds":null,"exposureBytes":134217728,"evacuatedAt":null,"drainedAt":null,
            "safeToPowerOff":{"value":%s,"blockers":[%s]},"refusals":[],
            "migrations":[{"id":"m-1","drain":"d-1","workload":"db-1","source":"worker-1","destination":"worker-2",
            "state":"%s","stateKind":"FORWARD_ONLY","epoch":1,"attempt":1,"sinceSeconds":1,"deadlineSeconds":null,
            "reason":null,"progress":{"totalBytes":268435456,"allocatedBytes":null,"hydratedBytes":134217728,
            "copiedBytes":null,"skippedBytes":null,"writtenBytes":null,"bytesPerSecond":null,"etaSeconds":null,
            "exposureBytes":null},"interruptionMs":84,"verification":null,"volumes":[],"history":[]}]}""".formatted(phase, safe, blockers, migrationState);
    }
}
