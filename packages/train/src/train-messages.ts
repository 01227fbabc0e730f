import { coreMessages } from '@synapse-steps/core';

/** The messages that a training tells people, by code. Values go into the braces. */
export const trainMessages = coreMessages.extend({
  TRAIN_MODEL_SAVED: { text: { en: 'Model weights saved', ko: '모델 가중치가 저장되었습니다' } },
  TRAIN_MODEL_UPLOADED: {
    level: 'success',
    text: { en: 'Model upload complete', ko: '모델 업로드가 완료되었습니다' },
  },
  TRAIN_FAILED_GPU_RESOURCE: {
    level: 'danger',
    text: {
      en: 'Training stopped: insufficient GPU resources{detail}',
      ko: 'GPU 리소스 부족으로 학습이 중단되었습니다{detail}',
    },
  },
  TRAIN_FAILED_RAY_CONNECTION: {
    level: 'danger',
    text: {
      en: 'Training failed: cannot reach the Ray cluster',
      ko: 'Ray 클러스터에 연결할 수 없어 학습에 실패했습니다',
    },
  },
  TRAIN_FAILED_CONFIG: {
    level: 'danger',
    text: {
      en: 'Training failed: invalid configuration — {error}',
      ko: '잘못된 설정으로 학습에 실패했습니다 — {error}',
    },
  },
  TRAIN_FAILED_MODEL_REGISTER: {
    level: 'error',
    text: { en: 'Model registration failed: {error}', ko: '모델 등록에 실패했습니다: {error}' },
  },
  TRAIN_FAILED_STEP: {
    level: 'danger',
    text: {
      en: "Training failed at step '{failed_step}'",
      ko: "'{failed_step}' 단계에서 학습이 실패했습니다",
    },
  },
  TRAIN_FAILED_ADMIN_CONTACT: {
    level: 'danger',
    text: {
      en: 'Training failed due to an unexpected error. Please contact your administrator',
      ko: '예기치 못한 오류로 학습이 실패했습니다. 관리자에게 문의하세요',
    },
  },
});
