package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.MigrationReconciler;
import io.sluice.orchestrator.plan.DrainPlan;
import java.util.List;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.transaction.annotation.Transactional;

/** Puts the real drain logic together without a container; what is transactional in it runs in the transactions given. */
public final class DrainServices {
    private DrainServices() {}

    /** Spans one transaction. */
    @FunctionalInterface
    public interface Transactions {
        @Nullable
        Object within(String name, Work work) throws Throwable;
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work {
        @Nullable
        Object run() throws Throwable;
    }

    /** What operators and ticks call. */
    public record Parts(DrainService drains, DrainSteering steering, WriteOffs writeOffs) {}

    public static Parts of(
            DrainStore store,
            DrainReader reader,
            SteeringStore steering,
            WriteOffStore writeOffs,
            MigrationReconciler reconciler,
            Transactions transactions) {
        Planning planning = transactional(new Planning(store, reader, steering, new Proposals()), transactions);
        DrainService drains = new DrainService(planning, store, reader, steering, reconciler);
        return new Parts(drains, new DrainSteering(steering, reader, drains), new WriteOffs(writeOffs, reconciler));
    }

    /** Nobody asks for dry runs here. */
    private static final class Proposals implements ProposalStore {
        @Override
        public Proposal keep(String hash, List<DrainOrder> orders, List<DrainPlan> plans) {
            throw new UnsupportedOperationException("dry runs are not kept");
        }

        @Override
        public @Nullable Proposal find(String id) {
            return null;
        }

        @Override
        public void executed(String id, List<DrainId> drains) {
            throw new UnsupportedOperationException("dry runs are not kept");
        }
    }

    private static Planning transactional(Planning planning, Transactions transactions) {
        ProxyFactory factory = new ProxyFactory(planning);
        factory.setProxyTargetClass(true);
        factory.addAdvice((MethodInterceptor) call -> call.getMethod().isAnnotationPresent(Transactional.class)
                ? transactions.within(call.getMethod().getName(), call::proceed)
                : call.proceed());
        return (Planning) factory.getProxy(Planning.class.getClassLoader());
    }
}
