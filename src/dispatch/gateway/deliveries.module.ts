import { Module } from '@nestjs/common';
import { DeliveriesStore } from './deliveries/deliveries-store.js';
import { DeliveryEndings } from './deliveries/delivery-endings.js';
import { DeliveryTotals } from './deliveries/delivery-totals.js';
import { DigestDocuments } from './deliveries/digest-documents.js';

/** For features that write deliveries; apart from the gateway, which imports the features. */
@Module({
  providers: [DeliveriesStore, DeliveryEndings, DeliveryTotals, DigestDocuments],
  exports: [DeliveriesStore, DeliveryEndings, DeliveryTotals, DigestDocuments],
})
export class DeliveriesModule {}
